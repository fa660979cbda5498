import { advise } from '../finding.ts';
import { asRoot } from '../machine.ts';
import { debugRepositories, installPackages } from '../packages.ts';
import { sh } from '../shell.ts';
import { each, listed, type Circumstances, type Entry } from './entry.ts';

/** Messages about problems before stap starts: missing programs, packages or groups, or an invalid command line. */
export const SETUP: readonly Entry[] = [
  {
    code: 'program-missing',
    patterns: [
      /(?:^|[\s:])(?<program>stap|staprun|sudo|gdb|debuginfod-find|stap-prep): (?:command )?not found$/,
    ],
    severity: 'blocks',
    obstacle: 'missing-program',
    meaning: 'A required program is missing.',
    cause: ({ program }) =>
      program === 'sudo'
        ? 'The shell did not find sudo. If you log in as root, sudo is not needed: add --no-sudo.'
        : `The shell did not find ${program}. If the program is installed, it is not in the PATH of this user or of sudo.`,
    fixes: ({ program }, machine) => [{ commands: installPackages(machine, [packageOf(program!, machine)]) }],
    examples: [
      { text: 'bash: stap: command not found', from: 'run' },
      { text: 'sh: 1: stap: not found', from: 'run' },
      { text: 'sudo: staprun: command not found', from: 'run' },
      { text: 'sh: 6: sudo: not found', from: 'run' },
    ],
  },
  {
    code: 'sudo-refused',
    patterns: [
      /^sudo: (?<reason>a password is required|a terminal is required to read the password.*|no tty present and no askpass program specified.*)/,
      /^(?<user>\S+) is not in the sudoers file\b/,
      /^Sorry, user (?<user>\S+) is not allowed to execute /,
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'sudo did not run the command as root.',
    cause: ({ user }) =>
      user === undefined
        ? 'sudo needs a password but has no terminal to ask for it, or was run with -n and therefore never asks.'
        : `sudo's rules do not allow ${user} to run the command.`,
    fixes: ({ user }) =>
      user === undefined
        ? [
            advise('Enter the password once with sudo -v in the same terminal, or run the command as root.'),
            advise('Let sudo run stap without a password (NOPASSWD: in a file in /etc/sudoers.d).', {
              risk: 'Anyone who may run stap as root can load any code into the kernel, which amounts to root access.',
            }),
          ]
        : [
            advise(
              'Ask an administrator for permission to run stap with sudo, or for membership in the group stapdev.',
            ),
          ],
    links: ['man 8 sudo'],
    examples: [
      { text: 'sudo: a password is required', from: 'run' },
      {
        text: 'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper',
        from: 'source',
      },
      { text: 'sudo: no tty present and no askpass program specified', from: 'source' },
      { text: 'alice is not in the sudoers file.  This incident will be reported.', from: 'source' },
      {
        text: "Sorry, user alice is not allowed to execute '/usr/bin/stap -V' as root on web1.",
        from: 'source',
      },
    ],
  },
  {
    code: 'ssh-failed',
    patterns: [
      /^ssh: (?<reason>(?:connect to host|Could not resolve hostname) (?<host>[^\s:]+)(?::(?<port>\d+))?(?: port \d+)?: .+)/,
      /^(?<reason>kex_exchange_identification: .+|Connection (?:closed|reset) by .+|Connection to \S+ closed by remote host\..*)/,
    ],
    severity: 'blocks',
    obstacle: 'link',
    meaning: 'ssh could not reach the host, or lost the connection.',
    cause: ({ reason, host, port }) =>
      port === undefined
        ? `${reason}.`.replace(/\.\.$/, '.')
        : `ssh does not take HOST:PORT. Name the host ${host}, and add ${sh`--ssh-arguments ${`-p ${port}`}`}.`,
    fixes: ({ host, port }) =>
      host === undefined || port !== undefined
        ? []
        : [{ commands: [sh`ssh -v -- ${host} true`], effect: 'Shows how far the connection gets.' }],
    links: ['man ssh'],
    examples: [
      { text: 'ssh: connect to host web1 port 22: Connection refused', from: 'run' },
      { text: 'ssh: Could not resolve hostname web1: Name or service not known', from: 'run' },
      { text: 'ssh: Could not resolve hostname web1:2222: Name or service not known', from: 'run' },
      { text: 'kex_exchange_identification: read: Connection reset by peer', from: 'report' },
      { text: 'Connection to web1 closed by remote host.', from: 'report' },
    ],
  },
  {
    code: 'ssh-login-refused',
    patterns: [
      /^(?<host>\S+): Permission denied \((?<methods>[\w,-]+)\)\.?$/,
      /^(?<reason>Host key verification failed|Received disconnect from .*Too many authentication failures)/,
    ],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'The host refused the login.',
    cause: ({ methods, reason }) =>
      methods === undefined
        ? `${reason}.`
        : `None of the login methods that the host allows succeeded: ${methods}.`,
    fixes: ({ host }) => [
      ...(host === undefined
        ? []
        : [{ commands: [sh`ssh -v -- ${host} true`], effect: 'Shows which keys were offered.' }]),
      advise(
        "stapflame runs ssh without prompts. Log in once by hand to accept the host's key, and load your own key into ssh-agent.",
      ),
    ],
    links: ['man ssh'],
    examples: [
      { text: 'ana@web1: Permission denied (publickey).', from: 'run' },
      { text: 'Host key verification failed.', from: 'run' },
      {
        text: 'Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures',
        from: 'report',
      },
    ],
  },
  {
    code: 'target-pid-invalid',
    patterns: [/^Invalid (?:target process ID number|process ID number for target namespaces)\./],
    severity: 'blocks',
    obstacle: 'usage',
    meaning: 'stap -x expects one process number.',
    cause:
      'stap was given something else, often because pidof or pgrep printed no number or several numbers.',
    fixes: () => [
      {
        commands: [sh`ps -eo pid,pcpu,args --sort=-pcpu | head`],
        effect: 'Shows the busiest processes and their numbers.',
      },
      advise('Ask pidof for a single PID: pidof -s PROGRAM.'),
    ],
    links: ['man stap'],
    examples: [
      { text: 'Invalid target process ID number.', from: 'report' },
      { text: 'Invalid process ID number for target namespaces.', from: 'source' },
    ],
  },
  {
    code: 'stap-too-old',
    patterns: [/^ERROR: at least systemtap (?<needs>\d[\d.]*) is required/],
    severity: 'blocks',
    obstacle: 'missing-program',
    meaning: 'The sampler needs a newer SystemTap.',
    cause: ({ needs }) => `The sampler needs version ${needs} or later.`,
    fixes: (_, machine) => [{ commands: installPackages(machine, ['systemtap']) }],
    examples: [{ text: 'ERROR: at least systemtap 2.1 is required but found 1.8', from: 'source' }],
  },
  {
    code: 'data-directory',
    patterns: [
      /^WARNING: failed to create systemtap data directory "(?<directory>.+?)"(?: (?<reason>[^,]+))?/,
    ],
    severity: 'note',
    meaning: 'stap cannot keep compiled modules, so each run compiles its module again.',
    cause: ({ directory }) =>
      `${directory} cannot be created, because HOME is another user's directory, as it is after sudo -u.`,
    fixes: () => [
      { commands: [sh`export SYSTEMTAP_DIR="$(mktemp -d)"`], undo: [sh`rm -r "$SYSTEMTAP_DIR"`] },
    ],
    examples: [
      {
        text: 'WARNING: failed to create systemtap data directory "/nonexistent/.systemtap" Permission denied, disabling cache support.',
        from: 'run',
      },
    ],
  },
  {
    code: 'runtime-unavailable',
    patterns: [/^ERROR: --runtime=(?<runtime>\S+) unavailable; this build lacks (?<feature>\S+)/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'This SystemTap was built without the requested runtime.',
    cause: ({ runtime, feature }) => `${runtime} needs ${feature}.`,
    fixes: () => [
      advise(
        'Leave out --runtime, because stacks are sampled with the kernel runtime, which is the default.',
      ),
    ],
    examples: [
      { text: 'ERROR: --runtime=dyninst unavailable; this build lacks DYNINST feature', from: 'run' },
    ],
  },
  {
    code: 'stap-prep-package',
    patterns: [
      /^You need package (?<package>\S+) but it does not seem to be available/,
      /^Need to install (?!the following)(?<package>\S+)/,
      /^package (?<package>\S+) is not installed$/,
    ],
    gathers: 'package',
    severity: 'costs',
    meaning: 'stap-prep needs a package that is not installed.',
    cause: ({ package: name }) =>
      `Not installed: ${listed(name)}. Packages with debug symbols are in a separate archive.`,
    fixes: ({ package: name }, machine) => {
      const repositories = debugRepositories(machine);
      return [
        ...(repositories === undefined ? [] : [repositories]),
        { commands: installPackages(machine, each(name)) },
      ];
    },
    links: ['man stap-prep'],
    examples: [
      {
        text: 'You need package linux-image-6.8.0-31-generic-dbgsym but it does not seem to be available',
        from: 'source',
      },
      { text: 'Need to install linux-headers-6.1.0-21-amd64', from: 'source' },
      { text: 'package kernel-devel-5.14.0-427.el9.x86_64 is not installed', from: 'report' },
    ],
  },
  {
    code: 'kernel-not-rebooted',
    patterns: [
      /^Package (?<package>\S+) version (?<version>\S+) does not match version of currently running kernel: (?<kernel>\S+)/,
    ],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The kernel was upgraded, but the old one is still running.',
    cause: ({ version, kernel }) => `${version} is installed, but ${kernel} is running.`,
    fixes: (_, machine) => [
      {
        commands: [sh`${asRoot(machine)}reboot`],
        risk: 'The machine is unavailable while it restarts.',
      },
    ],
    examples: [
      {
        text: 'Package linux-image-6.1.0-21-amd64 version 6.1.90-1 does not match version of currently running kernel: 6.1.85-1',
        from: 'source',
      },
    ],
  },
  {
    code: 'stap-prep-group',
    patterns: [/^Be root or adduser (?<user>\S+) (?<group>\S+)/],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'This user is not in a group that SystemTap requires.',
    cause: ({ user, group }) => `${user} is not in ${group}.`,
    fixes: ({ user, group }, machine) => [
      {
        commands: [sh`${asRoot(machine)}adduser -- ${[user!, group!]}`],
        effect: 'Adds the user to the group, from the next login on.',
        risk: 'Members of stapdev can load any code into the kernel, which amounts to root access.',
        undo: [sh`${asRoot(machine)}deluser -- ${[user!, group!]}`],
      },
    ],
    links: ['man stap'],
    examples: [{ text: 'Be root or adduser alice stapdev', from: 'source' }],
  },
];

/** Returns the package that contains a program. Some packages have other names in Debian and Ubuntu than elsewhere. */
function packageOf(program: string, { distribution: { id } }: Circumstances): string {
  const apt = id === 'debian' || id === 'ubuntu';
  if (program === 'staprun')
    return apt || id === 'fedora' || id === 'rhel' || id === 'centos' ? 'systemtap-runtime' : 'systemtap';
  if (program === 'debuginfod-find') return apt ? 'debuginfod' : 'elfutils';
  return program.startsWith('stap') ? 'systemtap' : program;
}
