import { advice, type Entry } from './entry.ts';

const STACKS: Readonly<Record<string, 'user' | 'kernel' | 'both'>> = {
  'user-space only': 'user',
  'kernel-space only': 'kernel',
  'both user-space and kernel-space': 'both',
};

/** What says how a run goes, and is no fault. */
export const PROGRESS: readonly Entry[] = [
  {
    code: 'tracing',
    patterns: [
      /^WARNING: Tracing (?<pid>\d+)(?: \((?<program>.+)\))?(?: in (?<stacks>user-space only|kernel-space only|both user-space and kernel-space)\.\.\.|, Ctrl-C to end)/,
    ],
    severity: 'progress',
    tells: ({ stacks }) => (stacks === undefined ? undefined : STACKS[stacks]),
    meaning: 'A sampling script says that it has begun, and which stacks it takes.',
    cause: 'SystemTap prints what a script says beside the trace as a warning.',
    examples: [
      {
        text: 'WARNING: Tracing 96 (/opt/demo/bin/burn-g) in user-space only...',
        values: { pid: '96', program: '/opt/demo/bin/burn-g', stacks: 'user-space only' },
        from: 'run',
      },
      { text: 'WARNING: Tracing 115, Ctrl-C to end', values: { pid: '115' }, from: 'run' },
      {
        text: 'WARNING: Tracing 96 in user-space only...',
        values: { pid: '96', stacks: 'user-space only' },
        from: 'run',
      },
      {
        text: 'WARNING: Tracing 21865 (/usr/local/sbin/ovs-vswitchd) in both user-space and kernel-space...',
        values: {
          pid: '21865',
          program: '/usr/local/sbin/ovs-vswitchd',
          stacks: 'both user-space and kernel-space',
        },
        from: 'report',
      },
    ],
  },
  {
    code: 'time-is-up',
    patterns: [/^WARNING: Time's up\. Quitting now/],
    severity: 'progress',
    meaning: 'The time is over, and what was counted is printed now.',
    cause: 'SystemTap prints what a script says beside the trace as a warning.',
    examples: [{ text: "WARNING: Time's up. Quitting now...(it may take a while)", values: {}, from: 'run' }],
  },
  {
    code: 'staprun-progress',
    patterns: [/^(?:stapio|staprun):\w+:\d+:? (?!ERROR: |WARNING: )/],
    severity: 'progress',
    meaning: 'staprun and stapio say what they do (-v).',
    cause: 'It was asked for with -v.',
    examples: [
      {
        text: 'staprun:insert_module:191 Module forever_g inserted from file /opt/demo/modules/forever_g.ko',
        values: {},
        from: 'run',
      },
      { text: 'stapio:stp_main_loop:697 detaching pid 129', values: {}, from: 'run' },
      { text: 'staprun:remove_module:292 Module forever_g removed.', values: {}, from: 'run' },
    ],
  },
  {
    code: 'tip',
    patterns: [/^Tip: \/usr\/share\/doc\/systemtap\/README\.Debian/],
    severity: 'progress',
    meaning: "Debian's SystemTap names its guide after every failure.",
    cause: 'It says nothing of this failure.',
    examples: [
      {
        text: 'Tip: /usr/share/doc/systemtap/README.Debian should help you get started.',
        values: {},
        from: 'run',
      },
    ],
  },
  {
    code: 'nothing-sampled',
    patterns: [/^(?:WARNING: |ERROR: )?No backtraces found\. Quitting now/],
    severity: 'costs',
    meaning: 'The target used no CPU while it was sampled.',
    cause:
      'It was idle or had ended, or another process does its work: nginx has a master that only waits for its workers.',
    fixes: () => [
      { commands: ['top -b -n 1 | head -n 15'], effect: 'Shows which processes are busy.' },
      advice('Sample what it waits for: stapflame record --kind off-cpu.'),
    ],
    examples: [{ text: 'WARNING: No backtraces found. Quitting now...', values: {}, from: 'source' }],
  },
];
