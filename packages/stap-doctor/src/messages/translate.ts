import { advise } from '../finding.ts';
import { installKernelDebuginfo, installPackages } from '../packages.ts';
import { sh } from '../shell.ts';
import { listed, type Entry } from './entry.ts';
import { debuginfod } from '../fixes.ts';
import { sampleAgain } from './sampling-flags.ts';

const RESOLVING = "^semantic error: while resolving probe point: identifier '";
/** Matches further lines of a message about a probe: the source line, a caret below it, and the resulting errors. */
const OF_A_PROBE =
  /^\s*$|^\s+source: |^\s+\^$|^semantic error: (?:no match\b|resolution failed in |while resolving probe point: identifier '\w+' at :)/;
const TAPSET = String.raw`\/\S*\/tapset\/`;
/** Matches a probe's source line, and the similar names that stap suggests. */
const SOURCE = String.raw`(?: +source: (?<probe>[^^]+?) *\^)?(?:[^(]*\(similar \w+: (?<similar>[^)]+)\))?`;

/** Messages that say why stap cannot translate a script (passes 0 to 3). */
export const TRANSLATE: readonly Entry[] = [
  {
    code: 'kernel-debuginfo-missing',
    patterns: [
      /^semantic error: missing (?<machine>\S+) kernel\/module debuginfo(?: \[man warning::debuginfo\])? under '(?<directory>.+)'/,
      /^semantic error: (?<what>type definition '[^']+' not found in 'kernel'|debuginfo scope not found for module 'kernel')/,
      new RegExp(`${RESOLVING}(?<tapset>scheduler|vfs)' at `),
    ],
    continues: OF_A_PROBE,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning:
      "The script needs the kernel's debug information, which is missing or belongs to another kernel.",
    cause: ({ tapset, directory, what }) =>
      what !== undefined
        ? `stap says: ${what}. There is no debug information for the running kernel.`
        : tapset === undefined
          ? `There is no debug information under ${directory}.`
          : `Probes named ${tapset}.* cannot be placed: there is no debug information for this kernel, or SystemTap is older than the kernel.`,
    fixes: (_, machine) => [
      {
        commands: installKernelDebuginfo(machine),
        effect: 'Installs the debug information, which takes up hundreds of MB and fits only this kernel.',
      },
      ...debuginfod(machine),
      advise(
        "Or use probes that need no debug information. Of stapflame's scripts, only those for waits (--kind off-cpu) need it; for them, record makes what is needed if it can read the kernel's addresses.",
      ),
    ],
    links: ['man warning::debuginfo'],
    examples: [
      {
        text: "semantic error: missing x86_64 kernel/module debuginfo [man warning::debuginfo] under '/lib/modules/6.1.0-21-amd64/build'",
        from: 'report',
      },
      {
        text: "semantic error: missing x86_64 kernel/module debuginfo under '/lib/modules/2.6.32-642.el6.x86_64/build'",
        from: 'report',
      },
      {
        text: "semantic error: while resolving probe point: identifier 'scheduler' at <input>:30:7",
        from: 'report',
      },
      {
        text: "semantic error: type definition 'ulong' not found in 'kernel': operator '@cast' at /usr/share/systemtap/tapset/linux/sysc_accept.stp:104:12",
        from: 'report',
      },
    ],
  },
  {
    code: 'kernel-build-id-mismatch',
    patterns: [
      /^ERROR: Build-id mismatch: "(?<module>[^/"][^"]*)" vs\. "(?<file>[^"]+)" byte \d+/,
      /^(?:ERROR|WARNING): Build-id mismatch \[man \w+::buildid\]: "(?<module>kernel|[^"]*\/vmlinux[^"/]*)" (?:pid \d+ )?address 0x[0-9a-f]+, expected (?<expected>\S+) actual (?<actual>\S+)/,
      /^(?:ERROR|WARNING): Build-id mismatch(?: \[man \w+::buildid\])?: "(?<module>kernel|[^"]*\/vmlinux[^"/]*)" byte \d+/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: "The kernel's debug information or headers are from a different build than the running kernel.",
    cause: ({ module, expected, actual }) =>
      expected === undefined
        ? `The build-id of "${module}" differs from the one that stap read.`
        : `stap read build ${expected}, but ${actual} is running.`,
    fixes: () => [
      {
        commands: [
          sh`uname -r -v`,
          sh`ls -d /boot/vmlinuz-* /lib/modules/*/build /usr/lib/debug/lib/modules/*`,
        ],
        effect:
          'Shows the running kernel and what is installed for each kernel. Install the kernel, its headers (-devel) and its debug information from the same build, or reboot into the kernel that is installed.',
      },
    ],
    links: ['man warning::buildid'],
    examples: [
      {
        text: 'ERROR: Build-id mismatch: "kernel" vs. "vmlinux" byte 0 (0xad vs 0xef) address 0xffffffff814f7380 rc 0',
        from: 'report',
      },
      {
        text: 'WARNING: Build-id mismatch [man warning::buildid]: "kernel" pid 0 address 0xffffffff81c00128, expected 0a1b2c actual 3d4e5f',
        from: 'source',
      },
      {
        text: 'ERROR: Build-id mismatch [man error::buildid]: "/usr/lib/debug/lib/modules/3.10.0-514.el7.x86_64/vmlinux" byte 0 (0x68 vs 0x00) address 0xffffffff8168e520 rc 0',
        from: 'source',
      },
    ],
  },
  {
    code: 'tapset-older-than-kernel',
    patterns: [
      new RegExp(
        `${RESOLVING}(?<identifier>(?!process'|scheduler'|vfs')\\w+)' at (?<place>${TAPSET}[^\\s:]+)\\S*${SOURCE}`,
      ),
    ],
    continues: OF_A_PROBE,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: "A probe in SystemTap's own library matches nothing in this kernel.",
    cause: ({ place, probe, similar }) =>
      `${probe === undefined ? 'The probe' : probe.replace(/^.*= */, '')} in ${place!.replace(/^.*\//, '')} names a function that the kernel does not have${similar === undefined ? '' : ` (similar functions: ${similar})`}. The library is older than the kernel.`,
    fixes: (_, machine) => [
      {
        commands: installPackages(machine, ['systemtap']),
        effect:
          "Install the distribution's newest SystemTap. If that is too old, build the newest release from source.",
      },
      advise('Or leave this probe out of the script, or make it optional with a ? after its name.'),
    ],
    links: ['https://sourceware.org/systemtap/', 'man stapprobes'],
    examples: [
      {
        text: 'semantic error: while resolving probe point: identifier \'kprobe\' at /usr/share/systemtap/tapset/linux/sysc_timer_gettime.stp:80:43\n        source: probe __nd_syscall.timer_gettime.return = kprobe.function("sys_timer_gettime").return\n                                                          ^\n\nsemantic error: no match (similar functions: do_timer_gettime, __x64_sys_timer_gettime)',
        from: 'report',
      },
    ],
  },
  {
    code: 'tracepoint-not-found',
    patterns: [new RegExp(`${RESOLVING}kernel' at (?<place>(?!${TAPSET})\\S+)${SOURCE}`)],
    continues: OF_A_PROBE,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'A kernel probe could not be placed.',
    cause: ({ probe, place, similar }) =>
      [
        `The probe is ${probe === undefined ? `at ${place}` : probe.replace(/^probe +/, '').replace(/ *\{$/, '')}${similar === undefined ? '' : ` (similar names: ${similar})`}.`,
        ...(mayBeTracepoint(probe)
          ? [
              "If it is a tracepoint (kernel.trace), this kernel's headers do not compile with this SystemTap.",
            ]
          : []),
        ...(mayLackDebuginfo(probe, similar)
          ? [
              "stap finds functions (kernel.function) only in the kernel's debug information, which is missing; a System.map is not enough.",
            ]
          : []),
      ].join(' '),
    fixes: ({ probe, similar }, machine) => [
      ...(mayLackDebuginfo(probe, similar)
        ? [
            {
              commands: installKernelDebuginfo(machine),
              effect:
                "For a function: installs the kernel's debug information, which takes up hundreds of MB.",
            },
          ]
        : []),
      ...(mayBeTracepoint(probe)
        ? [
            sampleAgain(['-B', 'KCFLAGS=-w'], {
              effect:
                'For a tracepoint: lets the compiler ignore warnings, such as the one about COUNT_ARGS being defined twice (SystemTap 5.1 with Linux 6.12). The first time, finding tracepoints this way takes minutes.',
            }),
          ]
        : []),
      {
        commands: installPackages(machine, ['systemtap']),
        effect: "Installs the distribution's newest SystemTap.",
      },
    ],
    links: ['man stapprobes'],
    examples: [
      {
        text: 'semantic error: while resolving probe point: identifier \'kernel\' at <input>:9:7\n        source: probe kernel.trace("sched:sched_switch")\n                      ^\n\nsemantic error: no match',
        from: 'run',
      },
      {
        text: 'semantic error: while resolving probe point: identifier \'kernel\' at <input>:8:7\n        source: probe kernel.function("schedule").call {\n                      ^',
        from: 'run',
      },
    ],
  },
  {
    code: 'process-probe-not-resolved',
    patterns: [new RegExp(`${RESOLVING}process' at (?<place>\\S+)`)],
    continues: OF_A_PROBE,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'A probe in a program could not be placed.',
    cause: ({ place }) =>
      `The probe is at ${place}. The program does not have the function, or has no debug information that names it.`,
    fixes: (_, machine) => [
      ...debuginfod(machine),
      advise("Install the program's debug information, or build it with -g."),
    ],
    links: ['man stapprobes', 'man warning::debuginfo'],
    examples: [
      {
        text: "semantic error: while resolving probe point: identifier 'process' at <input>:1:7",
        from: 'report',
      },
    ],
  },
  {
    code: 'probe-not-resolved',
    patterns: [
      new RegExp(
        `${RESOLVING}(?<identifier>(?!process'|scheduler'|vfs'|kernel')\\w+)' at (?<place>(?!${TAPSET})\\S+)${SOURCE}`,
      ),
      /^semantic error: no match(?:es)?(?: \(similar .*\))?(?:, resolved to no probes)?$/,
    ],
    continues: OF_A_PROBE,
    vague: true,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'A probe in the script matches nothing on this machine.',
    cause: ({ identifier, place, similar }) =>
      identifier === undefined
        ? 'The line before this message names the probe.'
        : `The probe is ${identifier} at ${place}${similar === undefined ? '' : ` (similar names: ${similar})`}.`,
    links: ['man stapprobes'],
    examples: [
      { text: 'semantic error: no match', from: 'report' },
      {
        text: "semantic error: while resolving probe point: identifier 'syscall' at <input>:1:7",
        from: 'source',
      },
    ],
  },
  {
    code: 'probe-rejected',
    patterns: [/^semantic error: (?:while processing probe (?<probe>\S+)|resolution failed in )/],
    continues: OF_A_PROBE,
    vague: true,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'stap rejects a probe in the script.',
    cause: ({ probe }) =>
      `${probe === undefined ? '' : `The probe is ${probe}. `}The next semantic error gives the reason.`,
    links: ['man stapprobes'],
    examples: [
      {
        text: 'semantic error: while processing probe __nd_syscall.socketcall.accept from: nd_syscall.accept from: nd_syscall.*',
        from: 'report',
      },
      { text: 'semantic error: resolution failed in alias expansion builder', from: 'report' },
    ],
  },
  {
    code: 'debuginfo-incomplete',
    patterns: [
      /^semantic error: (?<what>type definition '[^']+' not found in '(?!kernel')[^']+'|debuginfo scope not found for module '(?!kernel')[^']+'|unable to find (?:local|global) '[^']+')/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The script uses a variable or type that the debug information does not contain.',
    cause: ({ what }) =>
      `stap says: ${what}. The program was stripped, the variable was optimised away, or the program was built with -gsplit-dwarf, which stap cannot read.`,
    fixes: () => [advise('Build the program with -g -O2 and without -gsplit-dwarf, and sample that build.')],
    links: ['man warning::debuginfo'],
    examples: [
      {
        text: "semantic error: type definition 'lua_State' not found in '/usr/bin/luajit': operator '@cast' at <input>:7:9",
        from: 'report',
      },
      {
        text: "semantic error: debuginfo scope not found for module '/usr/bin/app', cannot resolve context variable",
        from: 'source',
      },
      { text: "semantic error: unable to find local 'len' near pc 0x4005d0", from: 'report' },
      { text: "semantic error: unable to find global 'ngx_cycle'", from: 'report' },
    ],
  },
  {
    code: 'tapset-damaged',
    patterns: [/^WARNING: (?:macro )?tapset ["'](?<tapset>[^"']+)["'] has errors, and will be skipped/],
    gathers: 'tapset',
    severity: 'costs',
    meaning: "A file in SystemTap's library cannot be read, so scripts that use the file fail.",
    cause: ({ tapset }) => `Damaged, or written for another version of SystemTap: ${listed(tapset)}.`,
    fixes: (_, machine) => [
      {
        commands: [sh`stap -V 2>&1 | head -n 1`, ...installPackages(machine, ['systemtap'])],
        effect: 'Shows the version, and installs SystemTap with the library of the same version.',
      },
    ],
    links: ['man stappaths'],
    examples: [
      {
        text: 'WARNING: tapset "/usr/share/systemtap/tapset/qemu-system-x86_64-log.stp" has errors, and will be skipped',
        from: 'report',
      },
    ],
  },
  {
    code: 'function-unknown',
    patterns: [
      /^semantic error: unresolved (?:arity-\d+ )?function:? ?'?(?<function>\w+)?(?!\w).*? identifier '(?<identifier>\w+)' at (?<place>\S+)/,
    ],
    continues: OF_A_PROBE,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: "The script calls a function that SystemTap's library does not have.",
    cause: ({ identifier, place }) =>
      `The function is ${identifier}, called at ${place}. The library (tapset) is older than the script, or is not completely installed.`,
    fixes: (_, machine) => [
      { commands: [sh`stap -V 2>&1 | head -n 1`], effect: 'Shows the version.' },
      {
        commands: installPackages(machine, ['systemtap']),
        effect: "Installs the distribution's newest SystemTap, with its library.",
      },
    ],
    links: ['man stapfuncs'],
    examples: [
      {
        text: "semantic error: unresolved function: identifier 'sprint_ubacktrace' at <input>:3:5",
        from: 'source',
      },
    ],
  },
  {
    code: 'parse-failed',
    patterns: [
      /^parse error: (?<error>(?:(?! saw: ).)+) saw: (?<saw>(?:(?! at ).)+) at (?<place>\S+)/,
      /^parse error: (?<error>(?:(?! source: ).)+)/,
      /^Pass 1: parse failed\./,
    ],
    continues: /^\s+saw: |^\s+source: |^\s+\^$|^\d+ parse errors?\.$|^Pass 1: parse failed\./,
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'stap does not understand the script.',
    cause: ({ error, saw, place }) =>
      `${error === undefined ? '' : `stap says: ${error}${saw === undefined ? '' : `, but saw ${saw} at ${place}`}. `}The script was written for another version of SystemTap, or has an error.`,
    fixes: () => [
      {
        commands: [sh`stap -V 2>&1 | head -n 1`],
        effect:
          'Shows the version. If stapflame generated the script, this is a bug in stapflame: please report it, with this version.',
      },
    ],
    links: ['man error::pass1'],
    examples: [
      { text: 'parse error: expected literal string or number', from: 'report' },
      {
        text: "parse error: expected literal string or number\n\tsaw: operator ')' at <input>:1:16",
        from: 'report',
      },
      { text: 'Pass 1: parse failed.  [man error::pass1]', from: 'run' },
    ],
  },
  {
    code: 'pass-failed',
    patterns: [/^Pass (?<pass>[2356]): (?<what>\w+) failed\./],
    vague: true,
    severity: 'costs',
    meaning: 'The run failed.',
    cause: ({ pass, what }) =>
      `Pass ${pass} (${what}) failed. The first error above this line gives the reason.`,
    examples: [
      { text: 'Pass 5: run failed.  [man error::pass5]', from: 'run' },
      { text: 'Pass 2: analysis failed.  [man error::pass2]', from: 'run' },
      { text: "Pass 5: execution failed.  Try again with another '--vp 00001' option.", from: 'report' },
    ],
  },
];

/** A probe's text is missing if stap did not show it. */
function mayBeTracepoint(probe: string | undefined): boolean {
  return !/\bkernel\.function\(/.test(probe ?? '');
}

/** If stap knows functions with similar names, it has debug information. */
function mayLackDebuginfo(probe: string | undefined, similar: string | undefined): boolean {
  return similar === undefined && !/\bkernel\.trace\(/.test(probe ?? '');
}
