import { asRoot } from '../distribution.ts';
import { installDebuginfo } from '../packages.ts';
import { debuginfod } from './advice.ts';
import { advice, each, listed, type Entry } from './entry.ts';

/** What gdb, perf and bcc's samplers say of a target. */
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
    meaning: 'A debugger may not attach to this process; to sample it, SystemTap need not.',
    cause:
      'The process belongs to another user, the kernel allows only parents to attach (Yama), a container forbids it, or another debugger is attached already.',
    fixes: (_, site) => [
      {
        commands: [
          'cat /proc/sys/kernel/yama/ptrace_scope',
          "grep -E '^(State|TracerPid|Uid)' /proc/PID/status".replace('PID', '"$PID"'),
        ],
        effect:
          'With PID set to the process: 1 means parents only, 2 root only, 3 nobody until the next boot; TracerPid names a debugger that is attached.',
      },
      advice('Run the debugger as root for this once: put sudo before the command.'),
      advice('In Docker: start the container with --cap-add=SYS_PTRACE.', {
        risk: 'Programs in the container can read the memory of all others in it.',
      }),
      {
        commands: [asRoot(site, 'sysctl kernel.yama.ptrace_scope=0')],
        effect: 'Lets each user attach to all processes of his own.',
        risk: 'Last resort: any program of a user can then read passwords and keys from the memory of his others.',
        undo: [asRoot(site, 'sysctl kernel.yama.ptrace_scope=1')],
      },
    ],
    links: ['man 2 ptrace', 'https://docs.kernel.org/admin-guide/LSM/Yama.html'],
    examples: [
      { text: 'ptrace: Operation not permitted.', values: {}, from: 'run' },
      {
        text: 'strace: attach: ptrace(PTRACE_SEIZE, 4242): Operation not permitted',
        values: {},
        from: 'report',
      },
      {
        text: 'Could not attach to process.  If your uid matches the uid of the target\nprocess, check the setting of /proc/sys/kernel/yama/ptrace_scope, or try\nagain as the root user.  For more details, see /etc/sysctl.d/10-ptrace.conf',
        values: {},
        from: 'report',
      },
    ],
  },
  {
    code: 'already-traced',
    patterns: [/^(?:warning: )?process (?<pid>\d+) is already traced by process (?<tracer>\d+)/],
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'Another debugger is attached to the process; there can be one only.',
    cause: ({ pid, tracer }) => `Process ${tracer} traces ${pid}.`,
    fixes: ({ tracer }) => [
      { commands: [`ps -fp ${tracer!}`], effect: 'Shows what it is; let it detach or end it.' },
    ],
    examples: [
      {
        text: 'warning: process 4242 is already traced by process 4711',
        values: { pid: '4242', tracer: '4711' },
        from: 'source',
      },
    ],
  },
  {
    code: 'target-is-zombie',
    patterns: [/^(?:warning: )?process (?<pid>\d+) is a zombie - the process has already terminated/],
    severity: 'blocks',
    obstacle: 'configuration',
    meaning: 'The process has ended; only its exit code waits to be read.',
    cause: ({ pid }) => `${pid} is a zombie.`,
    fixes: ({ pid }) => [
      {
        commands: [`ps -o pid,ppid,comm -p ${pid!}`],
        effect: 'Names its parent; look for the process that came after it.',
      },
    ],
    examples: [
      {
        text: 'warning: process 4242 is a zombie - the process has already terminated',
        values: { pid: '4242' },
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
    meaning: 'gdb finds no debug information: functions that are not exported have no names.',
    cause: ({ module }) =>
      `Stripped, and no separate file with the symbols is installed: ${module === undefined ? 'the file that gdb read last' : listed(module)}.`,
    fixes: ({ module }, site) => [
      ...debuginfod(site),
      ...(each(module).some((file) => /\/libc(?:[.-]|$)/.test(file)) &&
      /^(?:debian|ubuntu)$/.test(site.distribution.id)
        ? [{ commands: installDebuginfo(site, ['libc6']) }]
        : []),
      advice('stapflame doctor -p PID names the package of each file.'),
    ],
    examples: [
      {
        text: '(No debugging symbols found in /usr/sbin/nginx)',
        values: { module: '/usr/sbin/nginx' },
        from: 'source',
      },
      { text: '(no debugging symbols found)...done.', values: {}, from: 'source' },
      {
        text: 'Reading symbols from /lib64/librt.so.1...(no debugging symbols found)...done.',
        values: { module: '/lib64/librt.so.1' },
        from: 'report',
      },
      {
        text: 'Reading symbols from /usr/lib64/libssl.so.10...(no debugging symbols\nfound)...done.',
        values: { module: '/usr/lib64/libssl.so.10' },
        from: 'report',
      },
    ],
  },
  {
    code: 'perf-not-permitted',
    patterns: [
      /^Access to performance monitoring and observability operations is limited\.(?:.*perf_event_paranoid setting is (?<paranoid>-?\d+))?/,
      /^perf_event_paranoid setting is (?<paranoid>-?\d+):?/,
    ],
    continues:
      /^\s*$|^(?:Consider adjusting|access to performance|without CAP_PERFMON|More information|perf_event_paranoid setting is|Ignore mlock|To make the adjusted|in \/etc\/sysctl|kernel\.perf_event_paranoid)|^\s*(?:-1|>= \d): /,
    severity: 'blocks',
    obstacle: 'permission',
    meaning: 'This user may not use the counters of the kernel, on which perf rests.',
    cause: ({ paranoid }) =>
      `kernel.perf_event_paranoid ${paranoid === undefined ? 'forbids it' : `is ${paranoid}`}; in a container seccomp may forbid it besides.`,
    fixes: (_, site) => [
      advice('Run it as root for this once: put sudo before the command.'),
      {
        commands: [
          asRoot(site, 'setcap cap_perfmon,cap_sys_ptrace+ep "$(readlink -f "$(command -v perf)")"'),
        ],
        effect: 'Lets perf itself, whoever runs it.',
        risk: 'Every user who can run perf can look at every process.',
        undo: [asRoot(site, 'setcap -r "$(readlink -f "$(command -v perf)")"')],
      },
      {
        commands: ['sysctl kernel.perf_event_paranoid', asRoot(site, 'sysctl kernel.perf_event_paranoid=1')],
        effect: 'Until the next boot; the first command shows the value to go back to.',
        risk: 'Every user can measure the kernel, and from its timing learn of others.',
        undo: [asRoot(site, 'sysctl kernel.perf_event_paranoid=2')],
      },
    ],
    links: ['https://docs.kernel.org/admin-guide/perf-security.html'],
    examples: [
      {
        text: 'Access to performance monitoring and observability operations is limited.\nConsider adjusting /proc/sys/kernel/perf_event_paranoid setting to open\naccess to performance monitoring and observability operations for processes\nwithout CAP_PERFMON, CAP_SYS_PTRACE or CAP_SYS_ADMIN Linux capability.\nperf_event_paranoid setting is 4:\n  -1: Allow use of (almost) all events by all users',
        values: { paranoid: '4' },
        from: 'source',
      },
      { text: 'perf_event_paranoid setting is 2:', values: { paranoid: '2' }, from: 'source' },
    ],
  },
  {
    code: 'bcc-stacks-lost',
    patterns: [
      /^WARNING: (?<count>\d+) stack traces (?:lost and )?could not be displayed\./,
      /^WARNING: hash table full\. Consider increasing --hash-storage-size\./,
    ],
    severity: 'costs',
    meaning: 'Stacks of a bcc sampler were lost: its tables were full, or it could not unwind them.',
    cause: ({ count }) => (count === undefined ? 'The table of counts was full.' : `${count} stacks.`),
    fixes: () => [
      advice('Sample again with --stack-storage-size 65536 --hash-storage-size 163840.', {
        risk: 'The memory is taken from the kernel.',
      }),
      advice('Build the target with -fno-omit-frame-pointer: bcc unwinds by frame pointers.'),
    ],
    links: ['man profile-bpfcc'],
    examples: [
      {
        text: 'WARNING: 12 stack traces could not be displayed. Consider increasing --stack-storage-size.',
        values: { count: '12' },
        from: 'source',
      },
      {
        text: 'WARNING: 3 stack traces lost and could not be displayed.',
        values: { count: '3' },
        from: 'source',
      },
      {
        text: 'WARNING: hash table full. Consider increasing --hash-storage-size.',
        values: {},
        from: 'source',
      },
    ],
  },
];
