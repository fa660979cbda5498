import { sh } from '../shell.ts';
import type { Entry } from './entry.ts';
import { sampleAgain } from './sampling-flags.ts';

const STACKS: Readonly<Record<string, 'user' | 'kernel' | 'both'>> = {
  'user-space only': 'user',
  'kernel-space only': 'kernel',
  'both user-space and kernel-space': 'both',
};

/** Messages that only report the progress of a run. */
export const PROGRESS: readonly Entry[] = [
  {
    code: 'tracing',
    patterns: [
      /^WARNING: Tracing (?<pid>\d+)(?: \((?<program>.+)\))?(?: in (?<stacks>user-space only|kernel-space only|both user-space and kernel-space)\.\.\.|, Ctrl-C to end)/,
    ],
    severity: 'progress',
    tells: ({ stacks }) => (stacks === undefined ? undefined : STACKS[stacks]),
    meaning: 'A sampling script reports that it has started, and which stacks it samples.',
    cause: "SystemTap prints a script's own messages as warnings.",
    examples: [
      { text: 'WARNING: Tracing 96 (/opt/demo/bin/burn-g) in user-space only...', from: 'run' },
      { text: 'WARNING: Tracing 115, Ctrl-C to end', from: 'run' },
      { text: 'WARNING: Tracing 96 in user-space only...', from: 'run' },
      {
        text: 'WARNING: Tracing 21865 (/usr/local/sbin/ovs-vswitchd) in both user-space and kernel-space...',
        from: 'report',
      },
    ],
  },
  {
    code: 'time-is-up',
    patterns: [/^WARNING: Time's up\. Quitting now/],
    severity: 'progress',
    ends: true,
    meaning: 'The time is up, and the script prints its counts.',
    cause: "SystemTap prints a script's own messages as warnings.",
    examples: [{ text: "WARNING: Time's up. Quitting now...(it may take a while)", from: 'run' }],
  },
  {
    code: 'stap-progress',
    patterns: [
      /^Pass (?:1: parsed|2: analyzed|3: (?:translated|using cached)|4: (?:compiled|using cached)|5: starting) ?/,
      /^Try '--help' for more information\.|^A message like \[man foo\] means/,
      /^Kernel version \S+ is within tested range /,
    ],
    severity: 'progress',
    meaning: 'stap reports that a pass has finished (-v), or that it was tested with this kernel.',
    cause: 'Such messages do not report a failure.',
    examples: [
      { text: 'Pass 5: starting run.', from: 'run' },
      { text: 'Kernel version 7.2.0 is within tested range 3.10 ... 7.3.0-rc3', from: 'source' },
      { text: "Try '--help' for more information. [man stap]", from: 'run' },
    ],
  },
  {
    code: 'run-completed',
    patterns: [/^Pass 5: run completed in /],
    severity: 'progress',
    ends: true,
    meaning: 'stap reports that the run is over (-v).',
    cause: 'The -v option turns these messages on.',
    examples: [{ text: 'Pass 5: run completed in 20usr/40sys/271real ms.', from: 'report' }],
  },
  {
    code: 'staprun-progress',
    patterns: [/^(?:stapio|staprun):\w+:\d+:? (?!ERROR: |WARNING: )/],
    severity: 'progress',
    meaning: 'staprun and stapio report what they are doing (-v).',
    cause: 'The -v option turns these messages on.',
    examples: [
      {
        text: 'staprun:insert_module:191 Module forever_g inserted from file /opt/demo/modules/forever_g.ko',
        from: 'run',
      },
      { text: 'stapio:stp_main_loop:697 detaching pid 129', from: 'run' },
      { text: 'staprun:remove_module:292 Module forever_g removed.', from: 'run' },
    ],
  },
  {
    code: 'stapflame-progress',
    patterns: [/^sampling takes about \d/, /^sampling once more with -d /],
    severity: 'progress',
    meaning: 'stapflame reports how much memory sampling takes, or that it samples again.',
    cause: 'stapflame prints these messages unless -q is given.',
    examples: [
      { text: 'stapflame: sampling takes about 4 MiB of kernel memory for each CPU', from: 'run' },
      { text: 'stapflame: sampling once more with -d /usr/sbin/nginx', from: 'run' },
    ],
  },
  {
    code: 'stapflame-summary',
    patterns: [/^\d+ samples? in \d+ (?:distinct stacks?|records?)/],
    severity: 'progress',
    ends: true,
    meaning: 'stapflame reports how much it has read.',
    cause: 'stapflame prints these messages unless -q is given.',
    examples: [
      {
        text: 'stapflame: 2350 samples in 9 distinct stacks; 0 damaged, 0 truncated, 0 diagnostics',
        from: 'run',
      },
    ],
  },
  {
    code: 'compiler-output',
    patterns: [
      /^In file included from \S+:\d+(?:[,:]|$)/,
      /^ {6,}from \S+:\d+[,:]$/,
      /^\/\S+: In function /,
      /^\/\S+:\d+:(?:\d+:)? (?:note|warning): (?!the frame size)/,
      /^ +(?:\d+ )?\| /,
      /^cc1: all warnings being treated as errors/,
      /^make(?:\[\d+\])?: (?:Entering|Leaving) directory /,
      /^make(?:\[\d+\])?: \*\*\* /,
    ],
    severity: 'progress',
    meaning: 'These lines surround a compiler error.',
    cause: 'The line that contains "error:" gives the reason.',
    examples: [
      { text: 'In file included from /usr/share/systemtap/runtime/stp_utrace.c:28,', from: 'run' },
      { text: '                 from /usr/share/systemtap/runtime/linux/task_finder2.c:4,', from: 'run' },
      {
        text: '/usr/share/systemtap/runtime/stp_task_work.c: In function ‘stp_task_work_cancel’:',
        from: 'run',
      },
      {
        text: '/usr/share/systemtap/runtime/stp_task_work.c:107:17: note: in expansion of macro ‘task_work_cancel’',
        from: 'run',
      },
      { text: '  107 |         twork = task_work_cancel(task, func);', from: 'run' },
      { text: 'cc1: all warnings being treated as errors', from: 'run' },
      {
        text: "make[1]: Entering directory '/usr/src/linux-headers-6.1.0-56-cloud-amd64'",
        from: 'run',
      },
      {
        text: 'make: *** [/usr/src/linux-headers-6.1.0-56-common/Makefile:2065: /opt/demo/build] Error 2',
        from: 'run',
      },
    ],
  },
  {
    code: 'debugger-progress',
    patterns: [
      /^GNU gdb |^Copyright \(C\) |^License GPL|^This is free software|^There is NO WARRANTY|^and "show warranty"|^This GDB was configured as|^For bug reporting|^<http/,
      /^Attaching to (?:process|program)|^Reading symbols from [^(]*\.\.\.(?:done\.)?$|^Loaded symbols for |^\[New (?:LWP|Thread) |^\[Thread debugging |^Using host libthread_db/,
      /^0x[0-9a-f]+ in .+ from \//,
    ],
    severity: 'progress',
    meaning: 'gdb prints its version and license, and which files it reads.',
    cause: 'Such messages do not report a failure.',
    examples: [
      { text: 'GNU gdb (GDB) Red Hat Enterprise Linux (7.2-90.el6)', from: 'report' },
      { text: 'Attaching to process 21865', from: 'report' },
      { text: '0x00007fb5a87de283 in poll () from /lib64/libc.so.6', from: 'report' },
    ],
  },
  {
    code: 'tip',
    patterns: [/^Tip: \/usr\/share\/doc\/systemtap\/README\.Debian/],
    severity: 'progress',
    meaning: "Debian's SystemTap mentions its documentation after every failure.",
    cause: 'The tip says nothing about the cause of the failure.',
    examples: [
      {
        text: 'Tip: /usr/share/doc/systemtap/README.Debian should help you get started.',
        from: 'run',
      },
    ],
  },
  {
    code: 'nothing-sampled',
    patterns: [/^(?:WARNING: |ERROR: )?No backtraces found\. Quitting now/],
    severity: 'costs',
    meaning: 'The target used no CPU time while it was sampled.',
    cause:
      "The target was idle or has ended, or another process does the work. nginx's master process, for example, only waits for its workers.",
    fixes: () => [
      { commands: [sh`top -b -n 1 | head -n 15`], effect: 'Shows which processes are busy.' },
      sampleAgain(['--kind', 'off-cpu'], { effect: 'Samples what the target waits for.' }),
    ],
    examples: [{ text: 'WARNING: No backtraces found. Quitting now...', from: 'source' }],
  },
];
