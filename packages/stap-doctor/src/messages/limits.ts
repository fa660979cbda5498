import { advice, sampleAgain, type Entry } from './entry.ts';

/** SystemTap's bounds on memory and time that a run has met, and what was lost by them. */
export const LIMITS: readonly Entry[] = [
  {
    code: 'array-overflow',
    patterns: [
      /^ERROR: Array overflow, check (?:size limit \((?<limit>\d+)\)|MAXMAPENTRIES)(?: near identifier '(?<array>\w+)' at (?<place>\S+))?/,
    ],
    severity: 'costs',
    meaning: 'The script met more different stacks than its table holds, and ended at once.',
    cause: ({ array = 'The table', limit }) =>
      `${array} was full${limit === undefined ? '' : ` at ${limit} entries`}; what it held may not have been printed.`,
    fixes: ({ limit }, circumstances) => [
      sampleAgain(circumstances, ['--mode', 'stream'], {
        effect: 'Prints each sample as it happens, and needs no table.',
      }),
      sampleAgain(circumstances, ['-t', '10'], {
        effect: 'Samples for a shorter time: fewer different stacks.',
      }),
      sampleAgain(circumstances, [`-DMAXMAPENTRIES=${Math.min(10 * Number(limit ?? 5000), 1_000_000)}`], {
        effect: 'A larger table.',
        risk: 'The memory is taken from the kernel, for each CPU, before the first sample.',
      }),
    ],
    examples: [
      {
        text: "ERROR: Array overflow, check MAXMAPENTRIES near identifier 'bts' at /opt/demo/scripts/overflow_g.stp:5:9",
        values: { array: 'bts', place: '/opt/demo/scripts/overflow_g.stp:5:9' },
        from: 'run',
      },
      {
        text: "ERROR: Array overflow, check size limit (5000) near identifier 'bts' at <input>:12:9",
        values: { limit: '5000', array: 'bts', place: '<input>:12:9' },
        from: 'source',
      },
    ],
  },
  {
    code: 'probe-overhead',
    patterns: [
      /^ERROR: probe overhead(?: \((?<cycles>\d+) cycles\))? exceeded threshold(?: \((?<threshold>\d+) cycles\))?/,
    ],
    severity: 'costs',
    meaning:
      'Sampling took more than half of the time of a CPU, and SystemTap ended the run to spare the target.',
    cause: ({ cycles, threshold }) =>
      cycles === undefined || threshold === undefined
        ? 'Deep stacks at a high frequency cost more than was allowed.'
        : `The probes used ${cycles} cycles of an interval in which ${threshold} were allowed.`,
    fixes: (_, circumstances) => [
      sampleAgain(circumstances, ['-F', '19'], { effect: 'Samples less often.' }),
      sampleAgain(circumstances, ['--max-backtrace', '32'], {
        effect: 'Unwinds fewer frames of each stack.',
      }),
      sampleAgain(circumstances, ['-DSTP_NO_OVERLOAD'], {
        effect: 'Does not watch what the probes take; so does `-g --suppress-time-limits`.',
        risk: 'Last resort: nothing ends a run that slows the machine down, up to standing still.',
      }),
    ],
    links: ['man stap'],
    examples: [
      {
        text: 'ERROR: probe overhead (512034567 cycles) exceeded threshold (500000000 cycles) in last 1000000000 cycles',
        values: { cycles: '512034567', threshold: '500000000' },
        from: 'source',
      },
      { text: 'ERROR: probe overhead exceeded threshold', values: {}, from: 'report' },
    ],
  },
  {
    code: 'too-many-skipped',
    patterns: [/^ERROR: Skipped too many probes, check MAXSKIPPED or try again with stap -t/],
    severity: 'costs',
    meaning: 'More than MAXSKIPPED samples (100) could not be taken, and the run ended.',
    cause: 'CPUs waited for one lock of the script, or a probe was hit while it ran already.',
    fixes: (_, circumstances) => [
      sampleAgain(circumstances, ['-F', '19'], { effect: 'Samples less often.' }),
      sampleAgain(circumstances, ['-DMAXSKIPPED=10000'], {
        effect: 'Goes on with more samples left out.',
        risk: 'The picture rests on the samples that were taken; busy CPUs are left out more often.',
      }),
    ],
    examples: [
      {
        text: 'ERROR: Skipped too many probes, check MAXSKIPPED or try again with stap -t for more details.',
        values: {},
        from: 'source',
      },
    ],
  },
  {
    code: 'errors-and-skipped',
    patterns: [/^WARNING: Number of errors: (?<errors>\d+), skipped probes: (?<skipped>\d+)/],
    severity: ({ errors, skipped }) => (Number(errors) + Number(skipped) > 0 ? 'costs' : 'note'),
    meaning: "SystemTap's count of what went wrong in the run.",
    cause: ({ errors, skipped }) =>
      `${errors} ${errors === '1' ? 'error' : 'errors'}, which other messages name, and ${skipped} samples that were not taken.`,
    fixes: ({ skipped }, circumstances) =>
      Number(skipped) > 0
        ? [sampleAgain(circumstances, ['-F', '19'], { effect: 'Samples less often.' })]
        : [],
    examples: [
      {
        text: 'WARNING: Number of errors: 1, skipped probes: 0',
        values: { errors: '1', skipped: '0' },
        from: 'run',
      },
    ],
  },
  {
    code: 'skipped-probes',
    patterns: [
      /^WARNING: Skipped due to (?<reason>global '[^']+' lock timeout|low stack|reentrancy|missed k(?:ret)?probe(?:\/[12])?(?: on '[^']+')?): (?<count>\d+)/,
    ],
    severity: 'costs',
    meaning: 'Samples were not taken, for this reason.',
    cause: ({ reason, count }) => `${count} times: ${reason}.`,
    fixes: (_, circumstances) => [
      sampleAgain(circumstances, ['-F', '19'], { effect: 'Samples less often.' }),
    ],
    examples: [
      {
        text: "WARNING: Skipped due to global 'bts' lock timeout: 17",
        values: { reason: "global 'bts' lock timeout", count: '17' },
        from: 'source',
      },
      {
        text: 'WARNING: Skipped due to missed kretprobe/1 on \'kernel.function("vfs_read").return\': 3',
        values: { reason: 'missed kretprobe/1 on \'kernel.function("vfs_read").return\'', count: '3' },
        from: 'source',
      },
      {
        text: 'WARNING: Skipped due to low stack: 2',
        values: { reason: 'low stack', count: '2' },
        from: 'source',
      },
    ],
  },
  {
    code: 'too-many-actions',
    patterns: [/^ERROR: (?<limit>MAXACTION|MAXNESTING) exceeded(?: near .*)?/],
    severity: 'costs',
    meaning:
      'One probe ran longer than the script allowed, and the run ended; what is missing is not in the trace.',
    cause: ({ limit }) =>
      limit === 'MAXACTION'
        ? 'Most often the loop that prints all stacks at the end: each line is an action.'
        : 'Functions of the script call each other too deeply.',
    fixes: ({ limit }, circumstances) => [
      ...(limit === 'MAXACTION'
        ? [
            sampleAgain(circumstances, ['-l', '200'], {
              effect: 'Prints fewer stacks at the end.',
            }),
          ]
        : []),
      sampleAgain(circumstances, [limit === 'MAXACTION' ? '-DMAXACTION=1000000' : '-DMAXNESTING=100'], {
        effect: 'Allows more; a probe at the end of a script has ten times as much.',
        risk: 'A probe that runs for long holds up the CPU that it interrupted.',
      }),
    ],
    examples: [
      {
        text: "ERROR: MAXACTION exceeded near identifier 'print_usyms' at /usr/share/systemtap/tapset/linux/ucontext-symbols.stp:96:37",
        values: { limit: 'MAXACTION' },
        from: 'run',
      },
      {
        text: "ERROR: MAXNESTING exceeded near identifier 'walk' at <input>:4:3",
        values: { limit: 'MAXNESTING' },
        from: 'source',
      },
    ],
  },
  {
    code: 'transport-failures',
    patterns: [
      /^WARNING: There were (?<count>\d+) transport failures\.(?: +Try stap -s to increase the buffer size from (?<size>\d+)\.)?/,
    ],
    severity: 'costs',
    meaning: 'Text came faster than it was read: stacks were lost or cut in the middle.',
    cause: ({ count, size }) =>
      `${count === '1' ? 'Once' : `${count} times`} a buffer was full${size === undefined ? '' : `, at ${size} MB`}. The trace is incomplete.`,
    fixes: ({ size }, circumstances) => {
      const larger = String(Math.min(4 * Number(size ?? 16), 4095));
      return [
        sampleAgain(circumstances, ['-s', larger], {
          effect: 'Larger buffers; kernel memory, for each CPU in bulk mode.',
        }),
        sampleAgain(circumstances, ['-F', '19'], { effect: 'Less text: samples less often.' }),
      ];
    },
    links: ['man stap'],
    examples: [
      {
        text: 'WARNING: There were 1 transport failures. Try stap -s to increase the buffer size from 16.',
        values: { count: '1', size: '16' },
        from: 'run',
      },
      { text: 'WARNING: There were 112 transport failures.', values: { count: '112' }, from: 'report' },
    ],
  },
  {
    code: 'lost-messages',
    patterns: [/^WARNING: There were (?<messages>\d+) lost messages, (?<bytes>\d+) lost bytes/],
    severity: 'costs',
    meaning: 'Text came faster than it was read: stacks were lost.',
    cause: ({ messages, bytes }) =>
      `${messages} pieces of text with ${bytes} bytes. The trace is incomplete.`,
    fixes: (_, circumstances) => [
      sampleAgain(circumstances, ['-s', '64'], { effect: 'Larger buffers, of kernel memory.' }),
      sampleAgain(circumstances, ['-F', '19'], { effect: 'Less text: samples less often.' }),
    ],
    examples: [
      {
        text: 'WARNING: There were 12 lost messages, 49152 lost bytes.',
        values: { messages: '12', bytes: '49152' },
        from: 'source',
      },
    ],
  },
  {
    code: 'buffer-resync',
    patterns: [/^(?:ERROR: )?bufhdr read error, attempting resync/],
    severity: 'costs',
    meaning: 'The stream of text from the kernel was damaged; its reader looks for the next whole piece.',
    cause: 'A buffer ran over while it was read: bytes of its own headers may stand in the trace.',
    fixes: (_, circumstances) => [
      sampleAgain(circumstances, ['-s', '64'], { effect: 'Larger buffers, of kernel memory.' }),
      sampleAgain(circumstances, ['-F', '19'], { effect: 'Less text: samples less often.' }),
    ],
    examples: [
      {
        text: 'stapio:reader_thread:204: ERROR: bufhdr read error, attempting resync: Success',
        values: {},
        from: 'run',
      },
      { text: 'ERROR: bufhdr read error, attempting resync: Success', values: {}, from: 'source' },
    ],
  },
  {
    code: 'too-many-pending-messages',
    patterns: [/^(?:WARNING|ERROR): too many pending \((?<kind>warning|error|system|realtime)\) messages/],
    severity: ({ kind }) => (kind === 'warning' ? 'note' : 'costs'),
    meaning: 'The pool for messages beside the trace was full; some messages were not printed.',
    cause: ({ kind }) =>
      kind === 'warning'
        ? 'Very many warnings came at once, most often of missing unwind data. The trace itself is not concerned.'
        : `Very many messages (${kind}) came at once.`,
    fixes: (_, circumstances) => [
      advice('Mend what the other warnings say, most often with -d: then they do not come.'),
      sampleAgain(circumstances, ['-DSTP_DEFAULT_BUFFERS=1024'], {
        effect: 'A larger pool, of kernel memory.',
      }),
    ],
    examples: [
      { text: 'ERROR: too many pending (warning) messages', values: { kind: 'warning' }, from: 'report' },
      { text: 'WARNING: too many pending (system) messages', values: { kind: 'system' }, from: 'source' },
    ],
  },
  {
    code: 'memory-fault',
    patterns: [
      /^(?:ERROR|WARNING): (?<what>(?:user|kernel) (?:unsigned )?\w+ copy|kernel read|read) fault(?: \[man error::fault\])?(?: -?\d+)?(?: at)? (?<address>0x[0-9a-f]+|[0-9a-f]{8,16})\b/,
    ],
    severity: 'costs',
    meaning: 'A probe read an address that was not there, and ended the run.',
    cause: ({ what, address }) =>
      `A ${what} at ${address} failed: a bad pointer, or a page that was swapped out.`,
    fixes: (_, circumstances) => [
      advice('In a script of your own: put the read into try { … } catch { … }.'),
      sampleAgain(circumstances, ['--skip-badvars'], { effect: 'Reads 0 where a variable cannot be read.' }),
      sampleAgain(circumstances, ['--suppress-handler-errors'], {
        effect: 'Goes on after such a fault.',
        risk: 'Samples with a fault are missing, and only their number is told.',
      }),
    ],
    links: ['man error::fault'],
    examples: [
      {
        text: "ERROR: read fault [man error::fault] at 0x00007f0012345678 near operator '@cast' at <input>:3:7",
        values: { what: 'read', address: '0x00007f0012345678' },
        from: 'source',
      },
      {
        text: "ERROR: user string copy fault -14 at 0000000000000008 [man error::fault] near identifier 'user_string_n' at /usr/share/systemtap/tapset/uconversions.stp:120:10",
        values: { what: 'user string copy', address: '0000000000000008' },
        from: 'report',
      },
      {
        text: "ERROR: kernel string copy fault at 0xffff8800deadbeef [man error::fault] near identifier 'kernel_string_n'",
        values: { what: 'kernel string copy', address: '0xffff8800deadbeef' },
        from: 'source',
      },
    ],
  },
  {
    code: 'messages-suppressed',
    patterns: [
      /^Number of similar (?<kind>error|warning) messages suppressed: (?<count>\d+)/,
      /^Rerun with -v to see them/,
      /^WARNING deduplication table full/,
    ],
    severity: 'note',
    meaning: 'stap has left out messages that are like those it printed.',
    cause: ({ kind = 'message', count }) =>
      count === undefined ? 'How many is not known.' : `${count} more, of the kind ${kind}.`,
    fixes: (_, circumstances) => [sampleAgain(circumstances, ['-v'], { effect: 'Prints all of them.' })],
    examples: [
      {
        text: 'Number of similar error messages suppressed: 5.',
        values: { kind: 'error', count: '5' },
        from: 'source',
      },
      {
        text: 'Number of similar warning messages suppressed: 12.',
        values: { kind: 'warning', count: '12' },
        from: 'source',
      },
      { text: 'Rerun with -v to see them.', values: {}, from: 'source' },
      { text: 'WARNING deduplication table full', values: {}, from: 'source' },
    ],
  },
];
