import { asRoot, words } from '../distribution.ts';
import { debugRepositories, installKernelDebuginfo, installPackages } from '../packages.ts';
import { quoted } from '../shell.ts';
import { debuginfod, matchKernel } from './advice.ts';
import { advice, each, listed, sampleAgain, type Circumstances, type Entry } from './entry.ts';

/** What keeps stap from making a module of a script: passes 0 to 4. */
export const TRANSLATE: readonly Entry[] = [
  {
    code: 'kernel-headers-missing',
    patterns: [
      /^Checking "?\s*(?=\/\S*\/build\/)(?<file>\S+?)\s*"? failed with error: (?<reason>.+)/,
      /^(?:ERROR: )?Ensure kernel development headers & makefiles are installed/,
      /^Incorrect version or missing kernel-devel package, use: (?<command>.+)/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'stap compiles a module for the running kernel, and there are no headers of it.',
    cause: ({ file }) =>
      file === undefined
        ? 'The headers of this kernel are not installed, or those of another version are.'
        : `There is no ${file}: the headers of this kernel are not installed, or the kernel was upgraded and not yet booted.`,
    fixes: ({ command }, site) => [
      ...(command !== undefined && /^[\w .+~:^/-]+$/.test(command)
        ? [{ commands: [asRoot(site, command.trim())], effect: 'What stap itself proposes.' }]
        : []),
      matchKernel(site),
      { commands: [asRoot(site, 'stap-prep')], effect: 'SystemTap installs what it needs by itself.' },
    ],
    links: ['man stap-prep'],
    examples: [
      {
        text: 'Checking "/lib/modules/6.9.9/build/.config" failed with error: No such file or directory',
        values: { file: '/lib/modules/6.9.9/build/.config', reason: 'No such file or directory' },
        from: 'run',
      },
      {
        text: 'Checking " /lib/modules/2.6.32-642.el6.x86_64/build/.config " failed with error: No such file or directory',
        values: {
          file: '/lib/modules/2.6.32-642.el6.x86_64/build/.config',
          reason: 'No such file or directory',
        },
        from: 'report',
      },
      { text: 'Ensure kernel development headers & makefiles are installed.', values: {}, from: 'source' },
      {
        text: 'Incorrect version or missing kernel-devel package, use: yum install kernel-devel-2.6.32-642.el6.x86_64',
        values: { command: 'yum install kernel-devel-2.6.32-642.el6.x86_64' },
        from: 'report',
      },
    ],
  },
  {
    code: 'stap-older-than-kernel',
    patterns: [
      /^(?:In file included from )?\/\S*\/(?<error>runtime\/(?:(?!runtime\/)[^\s:])+\.[ch]:\d+:(?:\d+:)? (?:fatal )?error: .+)/,
    ],
    gathers: 'error',
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: "SystemTap's own code does not compile for this kernel.",
    cause: ({ error }) =>
      `This SystemTap is older than the kernel, whose functions have changed since: ${each(error)[0]!}.`,
    fixes: (_, site) => [
      {
        commands: ['stap --version | head -n 1', 'uname -r'],
        effect: 'Names both; the first says up to which kernel it was tested.',
      },
      {
        commands: installPackages(site, ['systemtap']),
        effect:
          'The newest SystemTap of the distribution; where that is too old, build the newest release from its source.',
      },
      advice('Or boot an older kernel of the distribution.'),
    ],
    links: ['https://sourceware.org/systemtap/', 'man error::pass4'],
    examples: [
      {
        text: '/usr/share/systemtap/runtime/stp_task_work.c:37:65: error: passing argument 2 of ‘(bool (*)(struct task_struct *, struct callback_head *))kallsyms_task_work_cancel’ from incompatible pointer type [-Werror=incompatible-pointer-types]',
        values: {
          error:
            'runtime/stp_task_work.c:37:65: error: passing argument 2 of ‘(bool (*)(struct task_struct *, struct callback_head *))kallsyms_task_work_cancel’ from incompatible pointer type [-Werror=incompatible-pointer-types]',
        },
        from: 'run',
      },
      {
        text: '/usr/share/systemtap/runtime/linux/access_process_vm.h:35: error: too many arguments to function call',
        values: {
          error: 'runtime/linux/access_process_vm.h:35: error: too many arguments to function call',
        },
        from: 'report',
      },
    ],
  },
  {
    code: 'compilation-failed',
    patterns: [/^Pass 4: compilation failed\./],
    vague: true,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The module could not be compiled (pass 4).',
    cause: 'The first line with "error:" above says why: most often SystemTap is older than the kernel.',
    fixes: (_, circumstances) => [
      matchKernel(circumstances),
      sampleAgain(circumstances, ['-v'], { effect: 'Tells more.' }),
    ],
    links: ['man error::pass4'],
    examples: [{ text: 'Pass 4: compilation failed.  [man error::pass4]', values: {}, from: 'run' }],
  },
  {
    code: 'kbuild-failed',
    patterns: [/^WARNING: kbuild exited with (?<how>status|signal): (?<status>\d+)/],
    vague: true,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'make, which compiles the module, ended with an error.',
    cause: ({ how, status }) => `It ended with ${how} ${status}; its own messages stand above.`,
    fixes: (_, circumstances) => [
      matchKernel(circumstances),
      sampleAgain(circumstances, ['-k', '-vv'], {
        effect: 'Keeps the directory with its log, and says where.',
      }),
    ],
    examples: [
      {
        text: 'WARNING: kbuild exited with status: 2',
        values: { how: 'status', status: '2' },
        from: 'run',
      },
    ],
  },
  {
    code: 'kernel-debuginfo-missing',
    patterns: [
      /^semantic error: missing (?<machine>\S+) kernel\/module debuginfo(?: \[man warning::debuginfo\])? under '(?<directory>.+)'/,
      /^semantic error: while resolving probe point: identifier '(?<tapset>scheduler|vfs|kernel)' at /,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The script probes functions of the kernel, for which stap needs its debug information.',
    cause: ({ tapset, directory }) =>
      tapset === undefined
        ? `There is none below ${directory}.`
        : `Probes of ${tapset} cannot be placed: no debug information of this kernel, or a SystemTap older than it.`,
    fixes: (_, site) => [
      advice(
        'Use probes that need none: the scripts of stapflame do, off CPU, too (kernel.trace("sched_switch")).',
      ),
      ...debuginfod(site),
      { commands: installKernelDebuginfo(site), effect: 'Hundreds of MB, and for this one kernel.' },
    ],
    links: ['man warning::debuginfo'],
    examples: [
      {
        text: "semantic error: missing x86_64 kernel/module debuginfo [man warning::debuginfo] under '/lib/modules/6.1.0-21-amd64/build'",
        values: { machine: 'x86_64', directory: '/lib/modules/6.1.0-21-amd64/build' },
        from: 'report',
      },
      {
        text: "semantic error: missing x86_64 kernel/module debuginfo under '/lib/modules/2.6.32-642.el6.x86_64/build'",
        values: { machine: 'x86_64', directory: '/lib/modules/2.6.32-642.el6.x86_64/build' },
        from: 'report',
      },
      {
        text: "semantic error: while resolving probe point: identifier 'scheduler' at <input>:30:7",
        values: { tapset: 'scheduler' },
        from: 'report',
      },
    ],
  },
  {
    code: 'process-probe-not-resolved',
    patterns: [/^semantic error: while resolving probe point: identifier 'process' at (?<place>\S+)/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'A probe in a program could not be placed.',
    cause: ({ place }) =>
      `The probe at ${place}: the program has no such function, or no debug information that names it.`,
    fixes: (_, site) => [
      ...debuginfod(site),
      advice("Install the program's debug information, or build it with -g."),
    ],
    links: ['man stapprobes', 'man warning::debuginfo'],
    examples: [
      {
        text: "semantic error: while resolving probe point: identifier 'process' at <input>:1:7",
        values: { place: '<input>:1:7' },
        from: 'report',
      },
    ],
  },
  {
    code: 'no-match',
    patterns: [/^semantic error: no match(?:es)?(?: \(similar .*\))?(?:, resolved to no probes)?$/],
    vague: true,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'A probe of the script fits nothing on this machine.',
    cause: 'The line before it names the probe.',
    links: ['man stapprobes'],
    examples: [{ text: 'semantic error: no match', values: {}, from: 'report' }],
  },
  {
    code: 'debuginfo-incomplete',
    patterns: [
      /^semantic error: (?<what>type definition '[^']+' not found in '[^']+'|debuginfo scope not found for module '[^']+'|unable to find (?:local|global) '[^']+')/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The script names a variable or type that the debug information does not have.',
    cause: ({ what }) =>
      `${what}: stripped, optimised away, or built with -gsplit-dwarf, which stap cannot read.`,
    fixes: () => [advice('Build it with -g -O2, without -gsplit-dwarf, and sample that build.')],
    links: ['man warning::debuginfo'],
    examples: [
      {
        text: "semantic error: type definition 'lua_State' not found in '/usr/bin/luajit': operator '@cast' at <input>:7:9",
        values: { what: "type definition 'lua_State' not found in '/usr/bin/luajit'" },
        from: 'report',
      },
      {
        text: "semantic error: debuginfo scope not found for module '/usr/bin/app', cannot resolve context variable",
        values: { what: "debuginfo scope not found for module '/usr/bin/app'" },
        from: 'source',
      },
      {
        text: "semantic error: unable to find local 'len' near pc 0x4005d0",
        values: { what: "unable to find local 'len'" },
        from: 'report',
      },
      {
        text: "semantic error: unable to find global 'ngx_cycle'",
        values: { what: "unable to find global 'ngx_cycle'" },
        from: 'report',
      },
    ],
  },
  {
    code: 'parse-failed',
    patterns: [/^parse error: (?<error>.+)/, /^Pass 1: parse failed\./],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'stap does not understand the script.',
    cause: ({ error }) =>
      `${error === undefined ? '' : `${error}: `}the script needs another version of SystemTap, or it is at fault.`,
    fixes: () => [
      {
        commands: ['stap --version | head -n 1'],
        effect:
          'A script of stapflame that is not understood is a fault of ours: report it with this version.',
      },
    ],
    links: ['man error::pass1'],
    examples: [
      {
        text: 'parse error: expected literal string or number',
        values: { error: 'expected literal string or number' },
        from: 'report',
      },
      { text: 'Pass 1: parse failed.  [man error::pass1]', values: {}, from: 'run' },
    ],
  },
  {
    code: 'pass-failed',
    patterns: [/^Pass (?<pass>[2356]): (?<what>\w+) failed\./],
    vague: true,
    severity: 'costs',
    meaning: 'The run failed.',
    cause: ({ pass, what }) => `Pass ${pass} (${what}); the first ERROR above it says why.`,
    examples: [
      {
        text: 'Pass 5: run failed.  [man error::pass5]',
        values: { pass: '5', what: 'run' },
        from: 'run',
      },
      {
        text: 'Pass 2: analysis failed.  [man error::pass2]',
        values: { pass: '2', what: 'analysis' },
        from: 'run',
      },
    ],
  },
  {
    code: 'stap-too-old',
    patterns: [/^ERROR: at least systemtap (?<needs>\d[\d.]*) is required/],
    severity: 'blocks',
    obstacle: 'missing-program',
    meaning: 'The sampler wants a newer SystemTap.',
    cause: ({ needs }) => `It needs ${needs} or later.`,
    fixes: (_, site) => [{ commands: installPackages(site, ['systemtap']) }],
    examples: [
      {
        text: 'ERROR: at least systemtap 2.1 is required but found 1.8',
        values: { needs: '2.1' },
        from: 'source',
      },
    ],
  },
  {
    code: 'program-missing',
    patterns: [
      /(?:^|[\s:])(?<program>stap|staprun|gdb|perf|debuginfod-find|stap-prep): (?:command )?not found$/,
    ],
    severity: 'blocks',
    obstacle: 'missing-program',
    meaning: 'A program that is needed is not there.',
    cause: ({ program }) =>
      `The shell found no ${program}; where it is installed, it is not in the PATH of this user or of sudo.`,
    fixes: ({ program }, site) => [{ commands: installPackages(site, [packageOf(program!, site)]) }],
    examples: [
      { text: 'bash: stap: command not found', values: { program: 'stap' }, from: 'run' },
      { text: 'sh: 1: stap: not found', values: { program: 'stap' }, from: 'run' },
      { text: 'sudo: staprun: command not found', values: { program: 'staprun' }, from: 'run' },
    ],
  },
  {
    code: 'data-directory',
    patterns: [
      /^WARNING: failed to create systemtap data directory "(?<directory>.+?)"(?: (?<reason>[^,]+))?/,
    ],
    severity: 'note',
    meaning: 'stap cannot keep what it compiles: each run compiles anew.',
    cause: ({ directory }) => `${directory} cannot be made; HOME belongs to someone else, as after sudo -u.`,
    fixes: () => [{ commands: ['export SYSTEMTAP_DIR="$(mktemp -d)"'], undo: ['rm -r "$SYSTEMTAP_DIR"'] }],
    examples: [
      {
        text: 'WARNING: failed to create systemtap data directory "/nonexistent/.systemtap" Permission denied, disabling cache support.',
        values: { directory: '/nonexistent/.systemtap', reason: 'Permission denied' },
        from: 'run',
      },
    ],
  },
  {
    code: 'runtime-unavailable',
    patterns: [/^ERROR: --runtime=(?<runtime>\S+) unavailable; this build lacks (?<feature>\S+)/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'This SystemTap was built without the runtime that was asked for.',
    cause: ({ runtime, feature }) => `${runtime} needs ${feature}.`,
    fixes: () => [advice('Leave out --runtime: the kernel runtime is the one that samples stacks.')],
    examples: [
      {
        text: 'ERROR: --runtime=dyninst unavailable; this build lacks DYNINST feature',
        values: { runtime: 'dyninst', feature: 'DYNINST' },
        from: 'run',
      },
    ],
  },
  {
    code: 'stap-prep-package',
    patterns: [
      /^You need package (?<package>\S+) but it does not seem to be available/,
      /^Need to install (?!the following)(?<package>\S+)/,
    ],
    gathers: 'package',
    severity: 'costs',
    meaning: 'stap-prep wants a package that is not installed.',
    cause: ({ package: name }) =>
      `${listed(name)}; packages of debug symbols are in an archive of their own.`,
    fixes: ({ package: name }, site) => [
      ...(debugRepositories(site) === undefined ? [] : [debugRepositories(site)!]),
      {
        commands: installPackages(
          site,
          each(name).filter((text) => /^[\w.+:~-]+$/.test(text)),
        ),
      },
    ],
    links: ['man stap-prep'],
    examples: [
      {
        text: 'You need package linux-image-6.8.0-31-generic-dbgsym but it does not seem to be available',
        values: { package: 'linux-image-6.8.0-31-generic-dbgsym' },
        from: 'source',
      },
      {
        text: 'Need to install linux-headers-6.1.0-21-amd64',
        values: { package: 'linux-headers-6.1.0-21-amd64' },
        from: 'source',
      },
    ],
  },
  {
    code: 'kernel-not-rebooted',
    patterns: [
      /^Package (?<package>\S+) version (?<version>\S+) does not match version of currently running kernel: (?<kernel>\S+)/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The kernel was upgraded, and the one from before still runs.',
    cause: ({ version, kernel }) => `${version} is installed, ${kernel} runs.`,
    fixes: (_, site) => [
      { commands: [asRoot(site, 'reboot')], risk: 'The machine is away while it starts.' },
    ],
    examples: [
      {
        text: 'Package linux-image-6.1.0-21-amd64 version 6.1.90-1 does not match version of currently running kernel: 6.1.85-1',
        values: { package: 'linux-image-6.1.0-21-amd64', version: '6.1.90-1', kernel: '6.1.85-1' },
        from: 'source',
      },
    ],
  },
  {
    code: 'stap-prep-group',
    patterns: [/^Be root or adduser (?<user>\S+) (?<group>\S+)/],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'This user is not in a group that SystemTap asks for.',
    cause: ({ user, group }) => `${user} is not in ${group}.`,
    fixes: ({ user, group }, site) => [
      {
        commands: [asRoot(site, `adduser ${words([user!, group!])}`)],
        effect: 'It holds from the next login.',
        risk: 'Members of stapdev can load code of theirs into the kernel: that is as much as root.',
        undo: [asRoot(site, `deluser ${quoted(user!)} ${quoted(group!)}`)],
      },
    ],
    links: ['man stap'],
    examples: [
      {
        text: 'Be root or adduser alice stapdev',
        values: { user: 'alice', group: 'stapdev' },
        from: 'source',
      },
    ],
  },
];

/** Packages that have not the name of the program, with those that Debian and Ubuntu call otherwise. */
function packageOf(program: string, { distribution: { id } }: Circumstances): string {
  const apt = id === 'debian' || id === 'ubuntu';
  if (program === 'staprun')
    return apt || id === 'fedora' || id === 'rhel' || id === 'centos' ? 'systemtap-runtime' : 'systemtap';
  if (program === 'debuginfod-find') return apt ? 'debuginfod' : 'elfutils';
  if (program === 'perf')
    return id === 'debian' ? 'linux-perf' : id === 'ubuntu' ? 'linux-tools-generic' : 'perf';
  return program.startsWith('stap') ? 'systemtap' : program;
}
