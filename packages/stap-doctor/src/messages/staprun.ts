import { advise } from '../finding.ts';
import { asRoot } from '../machine.ts';
import { sh } from '../shell.ts';
import type { Entry } from './entry.ts';
import {
  AS_ROOT,
  CLEAR_CACHE,
  joinGroups,
  kernelLog,
  matchKernel,
  setuidStaprun,
  signedModules,
} from '../fixes.ts';
import { sampleAgain } from './sampling-flags.ts';

/** Matches the beginning of staprun's message that a module was not loaded, which may mention FIPS mode. */
const INSERT = "^ERROR: Couldn't insert module (?:in FIPS mode )?'(?<module>[^']+)': ";
/** Excludes reasons that have their own entries. */
const KNOWN_REASON =
  '(?!Operation not permitted|Required key not available|Key was rejected|Invalid module format|Unknown symbol in module|File exists)';
const NORMAL_USER = String.raw`^(?:ERROR: )?You are trying to (?:run systemtap|load the module (?<module>.+)) as a normal user\.`;
const GROUP = String.raw`^You should either be root, or be part of (?:the )?group "stapusr"`;

/** Messages that say why a compiled module cannot be loaded. */
export const STAPRUN: readonly Entry[] = [
  {
    code: 'normal-user',
    patterns: [new RegExp(NORMAL_USER), new RegExp(GROUP)],
    continues: /^You should either be root, or be part of (?:the )?group "stapusr"/,
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'SystemTap loads code into the kernel, which this user is not allowed to do.',
    cause:
      'You are neither root nor in both of the groups stapusr and stapdev. (If you were added to a group, log in again for this to take effect.)',
    fixes: () => [AS_ROOT, joinGroups()],
    links: ['man stap', 'man 8 staprun'],
    examples: [
      { text: 'ERROR: You are trying to run systemtap as a normal user.', from: 'source' },
      {
        text: 'You are trying to run systemtap as a normal user.\nYou should either be root, or be part of the group "stapusr" and possibly one of the groups "stapsys" or "stapdev".  [man stap]',
        from: 'run',
      },
      { text: 'ERROR: You are trying to load the module /tmp/x.ko as a normal user.', from: 'source' },
      {
        text: 'You should either be root, or be part of group "stapusr" and possibly the groups "stapsys" or "stapdev".',
        from: 'source',
      },
    ],
  },
  {
    code: 'staprun-not-permitted',
    patterns: [
      /(?:^|[\s:/])staprun: Permission denied$/,
      /^sudo: unable to execute \S*\/staprun: Permission denied$/,
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'This user is not allowed to run staprun, the program that loads the module.',
    cause: 'staprun belongs to the group stapusr (mode 4754), and you are not in it.',
    fixes: () => [AS_ROOT, joinGroups()],
    links: ['man 8 staprun'],
    examples: [
      { text: 'sh: 1: /usr/bin/staprun: Permission denied', from: 'run' },
      { text: 'bash: staprun: Permission denied', from: 'report' },
      { text: 'sudo: unable to execute /usr/bin/staprun: Permission denied', from: 'run' },
    ],
  },
  {
    code: 'staprun-not-setuid',
    patterns: [/^(?:ERROR: )?The effective user ID of staprun must be set to the root user\.?/],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: "staprun runs without root's rights.",
    cause:
      'staprun lost its setuid bit, or the bit has no effect here: the file system is mounted with nosuid, or this is a container that grants no new privileges.',
    fixes: (_, machine) => [
      AS_ROOT,
      setuidStaprun(machine),
      advise("If the bit has no effect in this container, sample from the container's host."),
    ],
    links: ['man 8 staprun'],
    examples: [
      { text: 'ERROR: The effective user ID of staprun must be set to the root user.', from: 'source' },
    ],
  },
  {
    code: 'credentials-insufficient',
    patterns: [
      /^(?:ERROR: )?Your privilege credentials \((?<has>[^)]*)\) are insufficient to (?:load the module|run this module) ?(?<module>[^()]*?) ?\((?<needs>[^()]*) required\)/,
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'The module needs more rights than this user has.',
    cause: ({ has, needs }) => `The module needs ${needs}, but you have ${has}.`,
    fixes: () => [AS_ROOT, joinGroups()],
    links: ['man stap', 'man stap-server'],
    examples: [
      {
        text: 'ERROR: Your privilege credentials (stapusr) are insufficient to load the module /tmp/stapA1/demo.ko (stapdev required).',
        from: 'source',
      },
    ],
  },
  {
    code: 'module-not-signed',
    patterns: [
      /^(?:ERROR: )?Unable to verify the signature for the module (?<module>.+?)\.?$/,
      /^(?:ERROR: )?Members of the "stapusr" (?:and "stapsys" groups|group) can only use unsigned modules within/,
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning:
      "A user who is only in the group stapusr may load only signed modules, or modules from SystemTap's directory in /lib/modules.",
    cause: 'The module was compiled here, and no trusted server has signed it.',
    fixes: () => [
      advise('Compile on a server that you trust: run stap with --use-server --privilege=stapusr.'),
      AS_ROOT,
      joinGroups(),
    ],
    links: ['man stap-server', 'man 8 staprun'],
    examples: [
      { text: 'ERROR: Unable to verify the signature for the module /tmp/stapA1/demo.ko.', from: 'source' },
      {
        text: 'Members of the "stapusr" and "stapsys" groups can only use unsigned modules within',
        from: 'source',
      },
    ],
  },
  {
    code: 'module-load-not-permitted',
    patterns: [new RegExp(`${INSERT}Operation not permitted`)],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'The kernel refused to load the module.',
    cause: 'You are not root, the kernel is locked down (Secure Boot), or this is a container.',
    fixes: (_, machine) => [
      {
        commands: [
          sh`${asRoot(machine)}dmesg | grep -i lockdown | tail -n 3`,
          sh`cat /sys/kernel/security/lockdown`,
        ],
        effect: 'Shows whether the kernel is locked down.',
      },
      AS_ROOT,
      advise('If this is a container, sample from its host, which sees the same processes.'),
      ...signedModules(machine),
    ],
    links: ['man 8 staprun', 'man 7 kernel_lockdown'],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Operation not permitted",
        from: 'source',
      },
    ],
  },
  {
    code: 'module-signature-required',
    patterns: [
      new RegExp(`${INSERT}(?<reason>Required key not available|Key was rejected by service)`),
      /^The kernel on your system requires modules to be signed for loading\./,
      /^This host requires module signing\./,
    ],
    continues:
      /^The module created by compiling your script must be signed by |^Number of enrolled Systemtap MOK keys found: /,
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'This kernel loads only modules that are signed with a key that it knows.',
    cause:
      "Secure Boot is on, or the kernel enforces signatures. SystemTap's module has no signature that the kernel accepts.",
    fixes: (_, machine) => signedModules(machine),
    links: ['man stap-server', 'man mokutil'],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Required key not available",
        from: 'report',
      },
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Key was rejected by service",
        from: 'report',
      },
      {
        text: "ERROR: Couldn't insert module in FIPS mode '/tmp/stapA1/demo.ko': Required key not available",
        from: 'source',
      },
      {
        text: 'The kernel on your system requires modules to be signed for loading.\nThe module created by compiling your script must be signed by a systemtap compile-server.  [man stap-server]\nNumber of enrolled Systemtap MOK keys found: 0',
        from: 'report',
      },
      { text: 'This host requires module signing.', from: 'source' },
    ],
  },
  {
    code: 'module-of-another-kernel',
    patterns: [
      new RegExp(
        `${INSERT}(?<reason>Invalid module format|Unknown symbol in module(?:, or unknown parameter \\(see dmesg\\))?)`,
      ),
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The module does not fit the running kernel.',
    cause: ({ reason }) =>
      `${reason}. The module was compiled without kernel symbol versions, as stap -g does, or with the headers, compiler or cache of another kernel build. The last lines of dmesg show the reason.`,
    fixes: (_, machine) => [
      kernelLog(machine),
      CLEAR_CACHE,
      sampleAgain(['-B', 'CONFIG_MODVERSIONS=y'], {
        effect: 'If the script was run with -g, makes stap include the symbol versions that -g leaves out.',
      }),
      matchKernel(machine),
    ],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Invalid module format",
        from: 'report',
      },
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Unknown symbol in module",
        from: 'report',
      },
    ],
  },
  {
    code: 'module-still-loaded',
    patterns: [new RegExp(`${INSERT}File exists`)],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'A module with this name is already loaded.',
    cause:
      'An earlier run was killed and left its module behind, or a run that uses this module has not ended.',
    fixes: ({ module }, machine) => {
      const name = module!.replace(/^.*\//, '').replace(/\.ko$/, '');
      return [
        { commands: [sh`lsmod | grep stap`], effect: "Shows which of SystemTap's modules are loaded." },
        ...(name === ''
          ? []
          : [
              {
                commands: [sh`${asRoot(machine)}staprun -d -- ${name}`],
                effect: 'Unloads the module that was left behind.',
              },
            ]),
        advise('Or run staprun with -R, which gives the module a new name.'),
      ];
    },
    links: ['man 8 staprun'],
    examples: [{ text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': File exists", from: 'report' }],
  },
  {
    code: 'module-refused-in-fips-mode',
    patterns: [
      new RegExp(
        `^ERROR: Couldn't insert module in FIPS mode '(?<module>[^']+)': ${KNOWN_REASON}(?<reason>.+)$`,
      ),
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'The kernel is in FIPS mode and therefore does not load unsigned modules.',
    cause: ({ reason }) => `The kernel said: ${reason}.`,
    fixes: (_, machine) => [
      ...signedModules(machine),
      {
        commands: [sh`export STAP_FIPS_OVERRIDE=1`],
        effect: 'Makes staprun try to load the module anyway.',
        risk: 'Last resort: the machine then no longer meets the requirements of its FIPS certification.',
        undo: [sh`unset STAP_FIPS_OVERRIDE`],
      },
    ],
    links: ['man 8 staprun'],
    examples: [
      {
        text: "ERROR: Couldn't insert module in FIPS mode '/tmp/stapA1/demo.ko': Bad message",
        from: 'source',
      },
    ],
  },
  {
    code: 'module-not-loaded',
    patterns: [
      new RegExp(`^ERROR: Couldn't insert module '(?<module>[^']+)': ${KNOWN_REASON}(?<reason>.+)$`),
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The kernel did not load the module.',
    cause: ({ reason }) => `The kernel said: ${reason}.`,
    fixes: (_, machine) => [kernelLog(machine)],
    links: ['man 8 staprun'],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Cannot allocate memory",
        from: 'source',
      },
    ],
  },
  {
    code: 'module-version-mismatch',
    patterns: [
      /^ERROR: module (?:version|release) mismatch \((?<module>.{1,200}) vs (?<kernel>.{1,200})\)(?:, release (?<release>\S+))?/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The module was compiled with the headers of another kernel build.',
    cause: ({ module, kernel }) =>
      `The module is for ${module}, but ${kernel} is running. The headers come from a different package or vendor than the kernel, or the kernel was upgraded without a reboot.`,
    fixes: (_, machine) => [CLEAR_CACHE, matchKernel(machine)],
    examples: [
      {
        text: 'ERROR: module version mismatch (#1 SMP Tue Oct 30 14:13:26 CDT 2018 vs #1 SMP Thu Nov 8 23:39:32 UTC 2018), release 3.10.0-957.el7.x86_64',
        from: 'report',
      },
      { text: 'ERROR: module release mismatch (6.1.0-20-amd64 vs 6.1.0-21-amd64)', from: 'source' },
    ],
  },
  {
    code: 'debugfs-not-mounted',
    patterns: [
      /^(?:ERROR: )?Couldn't (?:mount|create) (?<what>.*(?:debugfs|systemtap|\/sys\/kernel\/debug)\S*)/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'SystemTap communicates with its module through debugfs, which is not available.',
    cause: ({ what }) => `${what!.replace(/:$/, '')} could not be created or mounted.`,
    fixes: (_, machine) => [
      {
        commands: [sh`${asRoot(machine)}mount -t debugfs none /sys/kernel/debug`],
        undo: [sh`${asRoot(machine)}umount /sys/kernel/debug`],
      },
    ],
    examples: [
      { text: "ERROR: Couldn't mount debugfs", from: 'source' },
      {
        text: "ERROR: Couldn't create /sys/kernel/debug/systemtap: No such file or directory",
        from: 'source',
      },
    ],
  },
  {
    code: 'module-gone',
    patterns: [/^(?:ERROR: )?Cannot attach to module (?<module>\S+) control channel; not running\?/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The module does not answer.',
    cause: ({ module }) => `${module} is no longer running, or debugfs is not mounted.`,
    fixes: (_, machine) => [
      {
        commands: [sh`lsmod | grep stap`, sh`${asRoot(machine)}mount -t debugfs none /sys/kernel/debug`],
        undo: [sh`${asRoot(machine)}umount /sys/kernel/debug`],
      },
    ],
    examples: [
      {
        text: 'ERROR: Cannot attach to module stap_0bfcdd63_7553 control channel; not running?',
        from: 'source',
      },
    ],
  },
  {
    code: 'staprun-failed',
    patterns: [
      /^(?:WARNING|Warning): (?:\S*\/)?(?:staprun|stapio) exited with (?<how>status|signal): (?<status>\d+)/,
    ],
    vague: true,
    severity: 'costs',
    meaning: 'The program that runs the module ended with an error.',
    cause: ({ how, status }) =>
      `The program ended with ${how} ${status}. The first ERROR above this line gives the reason.`,
    examples: [
      { text: 'WARNING: /usr/bin/staprun exited with status: 1', from: 'run' },
      { text: 'WARNING: /usr/bin/staprun exited with signal: 9 (Killed)', from: 'source' },
      { text: 'Warning: /usr/bin/staprun exited with status: 1', from: 'report' },
    ],
  },
];
