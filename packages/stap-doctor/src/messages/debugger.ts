import { advise } from '../finding.ts';
import { asRoot } from '../machine.ts';
import { installDebuginfo } from '../packages.ts';
import { sh } from '../shell.ts';
import { each, listed, type Entry } from './entry.ts';
import { debuginfod } from '../fixes.ts';

/**
 * Messages from gdb and strace about a target. Troubleshooting guides use these tools to find missing symbols and
 * permissions.
 */
export const DEBUGGER: readonly Entry[] = [
  {
    code: 'ptrace-not-permitted',
    patterns: [
      /^ptrace: Operation not permitted\.?$/,
      /attach: ptrace\(PTRACE_(?:SEIZE|ATTACH)[^)]{0,100}\): Operation not permitted/,
      /^Could not attach to process\.\s+If your uid matches the uid of the target/,
    ],
    continues:
      /^process, check the setting of |^again as the root user\.|^ptrace: Operation not permitted\.?$/,
    severity: 'blocks',
    obstacle: 'permission',
    meaning:
      'The debugger is not allowed to attach to this process. SystemTap can sample the process without attaching.',
    cause:
      'The process belongs to another user, the kernel lets only parent processes attach (Yama), a container forbids attaching, or another debugger is attached (see TracerPid in /proc/PID/status).',
    fixes: (_, machine) => [
      {
        commands: [sh`cat /proc/sys/kernel/yama/ptrace_scope`],
        effect:
          'Shows who may attach: 0 means the same user, 1 only parent processes, 2 only root, 3 nobody until the next boot.',
      },
      advise('Run the debugger as root this once: put sudo before the command.'),
      advise('In Docker, start the container with --cap-add=SYS_PTRACE.', {
        risk: 'Programs in the container can then read the memory of all other programs in it.',
      }),
      {
        commands: [sh`${asRoot(machine)}sysctl kernel.yama.ptrace_scope=0`],
        effect: 'Lets each user attach to all of their own processes.',
        risk: "Last resort: any program that a user runs can then read passwords and keys from the memory of the user's other programs.",
        undo: [sh`${asRoot(machine)}sysctl kernel.yama.ptrace_scope=1`],
      },
    ],
    links: ['man 2 ptrace', 'https://docs.kernel.org/admin-guide/LSM/Yama.html'],
    examples: [
      { text: 'ptrace: Operation not permitted.', from: 'run' },
      { text: 'strace: attach: ptrace(PTRACE_SEIZE, 4242): Operation not permitted', from: 'report' },
      {
        text: 'Could not attach to process.  If your uid matches the uid of the target\nprocess, check the setting of /proc/sys/kernel/yama/ptrace_scope, or try\nagain as the root user.  For more details, see /etc/sysctl.d/10-ptrace.conf',
        from: 'report',
      },
    ],
  },
  {
    code: 'already-traced',
    patterns: [/^(?:warning: )?process (?<pid>\d+) is already traced by process (?<tracer>\d+)/],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'Another debugger is already attached to the process, and only one can be attached at a time.',
    cause: ({ pid, tracer }) => `Process ${tracer} is tracing process ${pid}.`,
    fixes: ({ tracer }) => [
      {
        commands: [sh`ps -fp ${tracer!}`],
        effect: 'Shows which program is tracing. Let that program detach, or end it.',
      },
    ],
    examples: [{ text: 'warning: process 4242 is already traced by process 4711', from: 'source' }],
  },
  {
    code: 'target-is-zombie',
    patterns: [/^(?:warning: )?process (?<pid>\d+) is a zombie - the process has already terminated/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The process has ended, but its parent has not read its exit code yet.',
    cause: ({ pid }) => `Process ${pid} is a zombie.`,
    fixes: ({ pid }) => [
      {
        commands: [sh`ps -o pid,ppid,comm -p ${pid!}`],
        effect: "Shows the process's parent. Look for the process that replaced the one that ended.",
      },
    ],
    examples: [
      {
        text: 'warning: process 4242 is a zombie - the process has already terminated',
        from: 'source',
      },
    ],
  },
  {
    code: 'no-debugging-symbols',
    patterns: [
      /^Reading symbols from (?<module>\/.+?)\.\.\.\s*\(no debugging symbols(?: found\))?/,
      /^\(No debugging symbols found in (?<module>.+)\)$/,
      /^\(no debugging symbols found\)/,
    ],
    continues: /^\s*found\)\.\.\.done\.$/,
    gathers: 'module',
    severity: 'costs',
    meaning: 'gdb found no debug information, so functions that are not exported have no names.',
    cause: ({ module }) =>
      `The symbols were stripped from ${module === undefined ? 'the file that gdb read last' : listed(module)}, and no separate file with the symbols is installed.`,
    fixes: ({ module }, machine) => [
      ...debuginfod(machine),
      ...(each(module).some((file) => /\/libc(?:[.-]|$)/.test(file)) &&
      /^(?:debian|ubuntu)$/.test(machine.distribution.id)
        ? [{ commands: installDebuginfo(machine, ['libc6']) }]
        : []),
      advise('Run stapflame doctor -p PID to see how to install the symbols of each file.'),
    ],
    examples: [
      { text: '(No debugging symbols found in /usr/sbin/nginx)', from: 'source' },
      { text: '(no debugging symbols found)...done.', from: 'source' },
      {
        text: 'Reading symbols from /lib64/librt.so.1...(no debugging symbols found)...done.',
        from: 'report',
      },
      {
        text: 'Reading symbols from /usr/lib64/libssl.so.10...(no debugging symbols\nfound)...done.',
        from: 'report',
      },
    ],
  },
];
