import { asRoot } from '../distribution.ts';
import { quoted } from '../shell.ts';
import { AS_ROOT, CLEAR_CACHE, JOIN_GROUPS, matchKernel, setuidStaprun } from './advice.ts';
import { advice, type Entry } from './entry.ts';

/** Before "Couldn't insert module", staprun may say that the kernel is in FIPS mode. */
const INSERT = "^ERROR: Couldn't insert module (?:in FIPS mode )?'(?<module>[^']+)': ";
const NORMAL_USER = String.raw`^(?:ERROR: )?You are trying to (?:run systemtap|load the module (?<module>.+)) as a normal user\.`;
const GROUP = String.raw`^You should either be root, or be part of (?:the )?group "stapusr"`;

/** What keeps a compiled module from being loaded. */
export const STAPRUN: readonly Entry[] = [
  {
    code: 'normal-user',
    patterns: [new RegExp(NORMAL_USER), new RegExp(GROUP)],
    continues: /^You should either be root, or be part of (?:the )?group "stapusr"/,
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'SystemTap loads code into the kernel, and this user may not do that.',
    cause:
      'You are not root, and not in the groups stapusr and stapdev; new groups hold only from the next login.',
    fixes: () => [AS_ROOT, JOIN_GROUPS],
    links: ['man stap', 'man 8 staprun'],
    examples: [
      { text: 'ERROR: You are trying to run systemtap as a normal user.', values: {}, from: 'source' },
      {
        text: 'You are trying to run systemtap as a normal user.\nYou should either be root, or be part of the group "stapusr" and possibly one of the groups "stapsys" or "stapdev".  [man stap]',
        values: {},
        from: 'run',
      },
      {
        text: 'ERROR: You are trying to load the module /tmp/x.ko as a normal user.',
        values: { module: '/tmp/x.ko' },
        from: 'source',
      },
      {
        text: 'You should either be root, or be part of group "stapusr" and possibly the groups "stapsys" or "stapdev".',
        values: {},
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
    meaning: 'This user may not even start staprun, which loads the module.',
    cause: 'staprun belongs to the group stapusr (mode 4754), and you are not in it.',
    fixes: () => [AS_ROOT, JOIN_GROUPS],
    links: ['man 8 staprun'],
    examples: [
      { text: 'sh: 1: /usr/bin/staprun: Permission denied', values: {}, from: 'run' },
      { text: 'bash: staprun: Permission denied', values: {}, from: 'report' },
      { text: 'sudo: unable to execute /usr/bin/staprun: Permission denied', values: {}, from: 'run' },
    ],
  },
  {
    code: 'staprun-not-setuid',
    patterns: [/^(?:ERROR: )?The effective user ID of staprun must be set to the root user\.?/],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'staprun runs without the rights of root.',
    cause:
      'Its setuid bit was lost, or does not count here: a file system mounted nosuid, or a container without new privileges.',
    fixes: (_, site) => [
      AS_ROOT,
      setuidStaprun(site),
      advice('In a container the bit has no effect: sample from the host of the container.'),
    ],
    links: ['man 8 staprun'],
    examples: [
      {
        text: 'ERROR: The effective user ID of staprun must be set to the root user.',
        values: {},
        from: 'source',
      },
    ],
  },
  {
    code: 'credentials-insufficient',
    patterns: [
      /^(?:ERROR: )?Your privilege credentials \((?<has>[^)]*)\) are insufficient to (?:load the module|run this module) ?(?<module>[^()]*?) ?\((?<needs>[^()]*) required\)/,
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'The module wants more rights than this user has.',
    cause: ({ has, needs }) => `It needs ${needs}, and you have ${has}.`,
    fixes: () => [AS_ROOT, JOIN_GROUPS],
    links: ['man stap', 'man stap-server'],
    examples: [
      {
        text: 'ERROR: Your privilege credentials (stapusr) are insufficient to load the module /tmp/stapA1/demo.ko (stapdev required).',
        values: { has: 'stapusr', module: '/tmp/stapA1/demo.ko', needs: 'stapdev' },
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
    meaning: 'A member of stapusr alone may only load signed modules, or those of one directory.',
    cause: 'The module was compiled here, and no trusted server has signed it.',
    fixes: () => [
      advice('Compile on a server that you trust: stap --use-server --privilege=stapusr …'),
      AS_ROOT,
      JOIN_GROUPS,
    ],
    links: ['man stap-server', 'man 8 staprun'],
    examples: [
      {
        text: 'ERROR: Unable to verify the signature for the module /tmp/stapA1/demo.ko.',
        values: { module: '/tmp/stapA1/demo.ko' },
        from: 'source',
      },
      {
        text: 'Members of the "stapusr" and "stapsys" groups can only use unsigned modules within',
        values: {},
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
    cause:
      'You have not the rights of root, or the kernel is locked down (Secure Boot), or this is a container.',
    fixes: (_, site) => [
      {
        commands: [asRoot(site, 'dmesg | grep -i lockdown | tail -n 3'), 'cat /sys/kernel/security/lockdown'],
        effect: 'Tells whether the kernel is locked down.',
      },
      AS_ROOT,
      advice('In a container: sample from its host, which sees the same processes.'),
      ...lockedKernel(site.root === true ? '' : 'sudo '),
    ],
    links: ['man 8 staprun', 'man 7 kernel_lockdown'],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Operation not permitted",
        values: { module: '/tmp/stapA1/demo.ko' },
        from: 'source',
      },
    ],
  },
  {
    code: 'module-signature-required',
    patterns: [new RegExp(`${INSERT}(?<reason>Required key not available|Key was rejected by service)`)],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'This kernel only loads modules that are signed with a key that it knows.',
    cause: 'Secure Boot is on, or signatures are enforced; the module of this run has none that counts.',
    fixes: (_, { root }) => lockedKernel(root === true ? '' : 'sudo '),
    links: ['man stap-server', 'man mokutil'],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Required key not available",
        values: { module: '/tmp/stapA1/demo.ko', reason: 'Required key not available' },
        from: 'report',
      },
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Key was rejected by service",
        values: { module: '/tmp/stapA1/demo.ko', reason: 'Key was rejected by service' },
        from: 'report',
      },
      {
        text: "ERROR: Couldn't insert module in FIPS mode '/tmp/stapA1/demo.ko': Required key not available",
        values: { module: '/tmp/stapA1/demo.ko', reason: 'Required key not available' },
        from: 'source',
      },
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
    meaning: 'The module was compiled for another kernel than the one that runs.',
    cause: ({ reason }) =>
      `${reason}: the headers, the compiler or the cache belong to another build; the last lines of dmesg name it.`,
    fixes: (_, site) => [
      { commands: [asRoot(site, 'dmesg | tail -n 5')], effect: 'Shows what the kernel did not like.' },
      CLEAR_CACHE,
      matchKernel(site),
    ],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Invalid module format",
        values: { module: '/tmp/stapA1/demo.ko', reason: 'Invalid module format' },
        from: 'report',
      },
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Unknown symbol in module",
        values: { module: '/tmp/stapA1/demo.ko', reason: 'Unknown symbol in module' },
        from: 'report',
      },
    ],
  },
  {
    code: 'module-still-loaded',
    patterns: [new RegExp(`${INSERT}File exists`)],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'A module of this name is loaded already.',
    cause: 'A run before was killed and left its module, or one of the same name still runs.',
    fixes: ({ module }, site) => {
      const name = quoted(module!.replace(/^.*\//, '').replace(/\.ko$/, ''));
      return [
        {
          commands: ['lsmod | grep stap', asRoot(site, `staprun -d ${name}`)],
          effect: 'Unloads what was left.',
        },
        advice('Or let staprun choose a name of its own: staprun -R MODULE.ko.'),
      ];
    },
    links: ['man 8 staprun'],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': File exists",
        values: { module: '/tmp/stapA1/demo.ko' },
        from: 'report',
      },
    ],
  },
  {
    code: 'module-refused-in-fips-mode',
    patterns: [
      /^ERROR: Couldn't insert module in FIPS mode '(?<module>[^']+)': (?!Operation not permitted|Required key not available|Key was rejected|Invalid module format|Unknown symbol in module|File exists)(?<reason>.+)$/,
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'The kernel is in FIPS mode, in which it takes no unsigned module.',
    cause: ({ reason }) => `${reason}.`,
    fixes: (_, { root }) => [
      ...lockedKernel(root === true ? '' : 'sudo '),
      {
        commands: ['export STAP_FIPS_OVERRIDE=1'],
        effect: 'Tries it all the same.',
        risk: 'Last resort: the machine is no longer what its certificate says.',
        undo: ['unset STAP_FIPS_OVERRIDE'],
      },
    ],
    links: ['man 8 staprun'],
    examples: [
      {
        text: "ERROR: Couldn't insert module in FIPS mode '/tmp/stapA1/demo.ko': Bad message",
        values: { module: '/tmp/stapA1/demo.ko', reason: 'Bad message' },
        from: 'source',
      },
    ],
  },
  {
    code: 'module-not-loaded',
    patterns: [
      /^ERROR: Couldn't insert module '(?<module>[^']+)': (?!Operation not permitted|Required key not available|Key was rejected|Invalid module format|Unknown symbol in module|File exists)(?<reason>.+)$/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The kernel did not load the module.',
    cause: ({ reason }) => `It said: ${reason}.`,
    fixes: (_, site) => [
      { commands: [asRoot(site, 'dmesg | tail -n 5')], effect: 'Shows what the kernel did not like.' },
    ],
    links: ['man 8 staprun'],
    examples: [
      {
        text: "ERROR: Couldn't insert module '/tmp/stapA1/demo.ko': Cannot allocate memory",
        values: { module: '/tmp/stapA1/demo.ko', reason: 'Cannot allocate memory' },
        from: 'source',
      },
    ],
  },
  {
    code: 'module-version-mismatch',
    patterns: [
      /^ERROR: module (?:version|release) mismatch \((?<has>.{1,200}) vs (?<needs>.{1,200})\)(?:, release (?<release>\S+))?/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The module was compiled against the headers of another build of the kernel.',
    cause: ({ has, needs }) => `It is for ${needs}, and ${has} runs.`,
    fixes: (_, site) => [CLEAR_CACHE, matchKernel(site)],
    examples: [
      {
        text: 'ERROR: module version mismatch (#1 SMP Debian 6.1.90-1 (2024-05-03) vs #1 SMP Debian 6.1.85-1 (2024-04-11)), release 6.1.0-21-amd64',
        values: {
          has: '#1 SMP Debian 6.1.90-1 (2024-05-03)',
          needs: '#1 SMP Debian 6.1.85-1 (2024-04-11)',
          release: '6.1.0-21-amd64',
        },
        from: 'report',
      },
      {
        text: 'ERROR: module release mismatch (6.1.0-21-amd64 vs 6.1.0-20-amd64)',
        values: { has: '6.1.0-21-amd64', needs: '6.1.0-20-amd64' },
        from: 'source',
      },
    ],
  },
  {
    code: 'debugfs-not-mounted',
    patterns: [
      /^(?:ERROR: )?Couldn't (?:mount|create) (?<what>.*(?:debugfs|systemtap|\/sys\/kernel\/debug)\S*)/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'SystemTap speaks with its module through debugfs, which is not there.',
    cause: ({ what }) => `${what} could not be made or mounted.`,
    fixes: (_, site) => [
      {
        commands: [asRoot(site, 'mount -t debugfs none /sys/kernel/debug')],
        undo: [asRoot(site, 'umount /sys/kernel/debug')],
      },
    ],
    examples: [
      { text: "ERROR: Couldn't mount debugfs", values: { what: 'debugfs' }, from: 'source' },
      {
        text: "ERROR: Couldn't create /sys/kernel/debug/systemtap: No such file or directory",
        values: { what: '/sys/kernel/debug/systemtap:' },
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
    cause: ({ module }) => `${module} has ended, or debugfs is not mounted.`,
    fixes: (_, site) => [
      {
        commands: ['lsmod | grep stap', asRoot(site, 'mount -t debugfs none /sys/kernel/debug')],
        undo: [asRoot(site, 'umount /sys/kernel/debug')],
      },
    ],
    examples: [
      {
        text: 'ERROR: Cannot attach to module stap_0bfcdd63_7553 control channel; not running?',
        values: { module: 'stap_0bfcdd63_7553' },
        from: 'source',
      },
    ],
  },
  {
    code: 'staprun-failed',
    patterns: [/^WARNING: (?:\S*\/)?(?:staprun|stapio) exited with (?<how>status|signal): (?<status>\d+)/],
    vague: true,
    severity: 'costs',
    meaning: 'The program that runs the module ended with an error.',
    cause: ({ how, status }) => `It ended with ${how} ${status}; the first ERROR above it says why.`,
    examples: [
      {
        text: 'WARNING: /usr/bin/staprun exited with status: 1',
        values: { how: 'status', status: '1' },
        from: 'run',
      },
      {
        text: 'WARNING: /usr/bin/staprun exited with signal: 9 (Killed)',
        values: { how: 'signal', status: '9' },
        from: 'source',
      },
    ],
  },
];

/** Ways to a module that a locked kernel takes, from the narrowest on. */
function lockedKernel(sudo: string): ReturnType<NonNullable<Entry['fixes']>> {
  return [
    {
      commands: ['export SYSTEMTAP_SIGN=1'],
      effect: 'Lets a stap-server sign each module with its key, once that key is enrolled (it says how).',
      undo: ['unset SYSTEMTAP_SIGN'],
    },
    advice('Where kernel stacks will do: stap --runtime=bpf needs no module, but has no user stacks.'),
    {
      commands: [`${sudo}mokutil --disable-validation`, `${sudo}reboot`],
      effect: 'Switches the check of signatures off at the next boot.',
      risk: 'Last resort: from then on the machine loads any kernel module, also a hostile one.',
      undo: [`${sudo}mokutil --enable-validation`, `${sudo}reboot`],
    },
  ];
}
