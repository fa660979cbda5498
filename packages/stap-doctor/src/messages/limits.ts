import { advise } from '../finding.ts';
import type { Entry } from './entry.ts';
import { sampleAgain } from './sampling-flags.ts';

/** Memory and time limits that a run has reached, and the losses that they caused. */
export const LIMITS: readonly Entry[] = [
  {
    code: 'array-overflow',
    patterns: [
      /^ERROR: Array overflow, check (?:size limit \((?<limit>\d+)\)|MAXMAPENTRIES)(?: near identifier '(?<array>\w+)' at (?<place>\S+))?/,
    ],
    severity: 'costs',
    meaning: 'The script found more distinct stacks than its table holds, and ended immediately.',
    cause: ({ array = 'The table', limit }) =>
      `${array} was full${limit === undefined ? '' : ` at ${limit} entries`}. Its contents may not have been printed.`,
    fixes: ({ limit }) => [
      sampleAgain(['--mode', 'stream'], {
        effect: 'Prints each sample as it happens, and needs no table.',
      }),
      sampleAgain(['-t', '10'], {
        effect: 'Samples for a shorter time, which yields fewer distinct stacks.',
      }),
      sampleAgain([`-DMAXMAPENTRIES=${Math.min(10 * Number(limit ?? 5000), 1_000_000)}`], {
        effect: 'Makes the table larger.',
        risk: 'Its memory is taken from the kernel, for each CPU, before the first sample.',
      }),
    ],
    examples: [
      {
        text: "ERROR: Array overflow, check MAXMAPENTRIES near identifier 'bts' at /opt/demo/scripts/overflow_g.stp:5:9",
        from: 'run',
      },
      {
        text: "ERROR: Array overflow, check size limit (5000) near identifier 'bts' at <input>:12:9",
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
      "Sampling took more than half of a CPU's time, so SystemTap ended the run to protect the machine.",
    cause: ({ cycles, threshold }) =>
      cycles === undefined || threshold === undefined
        ? 'Deep stacks at a high frequency cost more than SystemTap allows.'
        : `The probes used ${cycles} cycles of an interval in which SystemTap allows ${threshold}.`,
    fixes: () => [
      sampleAgain(['-F', '19'], { effect: 'Samples less often.' }),
      sampleAgain(['--max-backtrace', '32'], {
        effect: 'Unwinds fewer frames of each stack.',
      }),
      sampleAgain(['-DSTP_NO_OVERLOAD'], {
        effect: 'Switches off the time limit of the probes, as -g --suppress-time-limits does.',
        risk: 'Last resort: nothing ends a run that slows the machine to a standstill.',
      }),
    ],
    links: ['man stap'],
    examples: [
      {
        text: 'ERROR: probe overhead (512034567 cycles) exceeded threshold (500000000 cycles) in last 1000000000 cycles',
        from: 'source',
      },
      { text: 'ERROR: probe overhead exceeded threshold', from: 'report' },
    ],
  },
  {
    code: 'too-many-skipped',
    patterns: [/^ERROR: Skipped too many probes, check MAXSKIPPED or try again with stap -t/],
    severity: 'costs',
    meaning:
      'The run ended because too many samples could not be taken (more than MAXSKIPPED, which is 100).',
    cause: 'CPUs waited for the same lock in the script, or a probe was hit while it was already running.',
    fixes: () => [
      sampleAgain(['-F', '19'], { effect: 'Samples less often.' }),
      sampleAgain(['-DMAXSKIPPED=10000'], {
        effect: 'Lets the run continue with more samples missing.',
        risk: 'Busy CPUs miss more samples than others, so the picture understates them.',
      }),
    ],
    examples: [
      {
        text: 'ERROR: Skipped too many probes, check MAXSKIPPED or try again with stap -t for more details.',
        from: 'source',
      },
    ],
  },
  {
    code: 'errors-and-skipped',
    patterns: [/^WARNING: Number of errors: (?<errors>\d+), skipped probes: (?<skipped>\d+)/],
    severity: ({ errors, skipped }) => (Number(errors) + Number(skipped) > 0 ? 'costs' : 'note'),
    meaning: 'SystemTap reports how many errors and skipped samples the run had.',
    cause: ({ errors, skipped }) =>
      `There were ${errors} ${errors === '1' ? 'error' : 'errors'}, which other messages name, and ${skipped} samples were not taken.`,
    fixes: ({ skipped }) =>
      Number(skipped) > 0 ? [sampleAgain(['-F', '19'], { effect: 'Samples less often.' })] : [],
    examples: [
      {
        text: 'WARNING: Number of errors: 1, skipped probes: 0',
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
    meaning: 'Some samples were not taken.',
    cause: ({ reason, count }) => `It happened ${count} times, because of: ${reason}.`,
    fixes: () => [sampleAgain(['-F', '19'], { effect: 'Samples less often.' })],
    examples: [
      {
        text: "WARNING: Skipped due to global 'bts' lock timeout: 17",
        from: 'source',
      },
      {
        text: 'WARNING: Skipped due to missed kretprobe/1 on \'kernel.function("vfs_read").return\': 3',
        from: 'source',
      },
      {
        text: 'WARNING: Skipped due to low stack: 2',
        from: 'source',
      },
    ],
  },
  {
    code: 'too-many-actions',
    patterns: [/^ERROR: (?<limit>MAXACTION|MAXNESTING) exceeded(?: near .*)?/],
    severity: 'costs',
    meaning:
      'One probe ran longer than the script allows, which ended the run. The rest is missing from the trace.',
    cause: ({ limit }) =>
      limit === 'MAXACTION'
        ? 'It was most likely the loop that prints all stacks at the end: each line is an action.'
        : "The script's functions are nested too deeply.",
    fixes: ({ limit }) => [
      ...(limit === 'MAXACTION'
        ? [
            sampleAgain(['-l', '200'], {
              effect: 'Prints fewer stacks at the end.',
            }),
          ]
        : []),
      sampleAgain([limit === 'MAXACTION' ? '-DMAXACTION=1000000' : '-DMAXNESTING=100'], {
        effect: 'Raises the limit. A probe at the end of a script gets ten times as much.',
        risk: 'A long-running probe blocks the CPU that it interrupted.',
      }),
    ],
    examples: [
      {
        text: "ERROR: MAXACTION exceeded near identifier 'print_usyms' at /usr/share/systemtap/tapset/linux/ucontext-symbols.stp:96:37",
        from: 'run',
      },
      {
        text: "ERROR: MAXNESTING exceeded near identifier 'walk' at <input>:4:3",
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
    meaning: 'The trace was written faster than it was read: stacks were lost or cut off.',
    cause: ({ count, size }) =>
      `A buffer${size === undefined ? '' : ` of ${size} MB`} was full ${count === '1' ? 'once' : `${count} times`}. The trace is incomplete.`,
    fixes: ({ size }) => {
      const larger = String(Math.min(4 * Number(size ?? 16), 4095));
      return [
        sampleAgain(['-s', larger], {
          effect: 'Makes the buffers larger. They take kernel memory, in bulk mode on each CPU.',
        }),
        sampleAgain(['-F', '19'], { effect: 'Samples less often, so less text is written.' }),
      ];
    },
    links: ['man stap'],
    examples: [
      {
        text: 'WARNING: There were 1 transport failures. Try stap -s to increase the buffer size from 16.',
        from: 'run',
      },
      { text: 'WARNING: There were 112 transport failures.', from: 'report' },
    ],
  },
  {
    code: 'lost-messages',
    patterns: [/^WARNING: There were (?<messages>\d+) lost messages, (?<bytes>\d+) lost bytes/],
    severity: 'costs',
    meaning: 'The trace was written faster than it was read: stacks were lost.',
    cause: ({ messages, bytes }) =>
      `${messages} pieces with ${bytes} bytes were lost. The trace is incomplete.`,
    fixes: () => [
      sampleAgain(['-s', '64'], { effect: 'Makes the buffers larger. They take kernel memory.' }),
      sampleAgain(['-F', '19'], { effect: 'Samples less often, so less text is written.' }),
    ],
    examples: [
      {
        text: 'WARNING: There were 12 lost messages, 49152 lost bytes.',
        from: 'source',
      },
    ],
  },
  {
    code: 'buffer-resync',
    patterns: [/^(?:ERROR: )?bufhdr read error, attempting resync/],
    severity: 'costs',
    meaning: 'The stream from the kernel was damaged, and its reader skips to the next intact piece.',
    cause: 'A buffer overflowed while it was read. Bytes of its own headers may be in the trace.',
    fixes: () => [
      sampleAgain(['-s', '64'], { effect: 'Makes the buffers larger. They take kernel memory.' }),
      sampleAgain(['-F', '19'], { effect: 'Samples less often, so less text is written.' }),
    ],
    examples: [
      {
        text: 'stapio:reader_thread:204: ERROR: bufhdr read error, attempting resync: Success',
        from: 'run',
      },
      { text: 'ERROR: bufhdr read error, attempting resync: Success', from: 'source' },
    ],
  },
  {
    code: 'too-many-pending-messages',
    patterns: [/^(?:WARNING|ERROR): too many pending \((?<kind>warning|error|system|realtime)\) messages/],
    severity: ({ kind }) => (kind === 'warning' ? 'note' : 'costs'),
    meaning: 'The pool for messages was full, so some messages were not printed.',
    cause: ({ kind }) =>
      kind === 'warning'
        ? 'Very many warnings came at once, most likely about missing unwind data. The trace itself is not affected.'
        : `Very many messages (${kind}) came at once.`,
    fixes: () => [
      advise('Fix the causes of the other warnings, usually with -d. Then there are fewer of them.'),
      sampleAgain(['-DSTP_DEFAULT_BUFFERS=1024'], {
        effect: 'Makes the pool larger. It takes kernel memory.',
      }),
    ],
    examples: [
      { text: 'ERROR: too many pending (warning) messages', from: 'report' },
      { text: 'WARNING: too many pending (system) messages', from: 'source' },
    ],
  },
  {
    code: 'memory-fault',
    patterns: [
      /^(?:ERROR|WARNING): (?<what>(?:user|kernel) (?:unsigned )?\w+ copy|kernel read|read) fault(?: \[man error::fault\])?(?: -?\d+)?(?: at)? (?<address>0x[0-9a-f]+|[0-9a-f]{8,16})\b/,
    ],
    severity: 'costs',
    meaning: 'A probe read an address that does not exist, which ended the run.',
    cause: ({ what, address }) =>
      `A ${what} at ${address} failed: the pointer is wrong, or the page was swapped out.`,
    fixes: () => [
      advise('In a script of your own, wrap the read in try { … } catch { … }.'),
      sampleAgain(['--skip-badvars'], { effect: 'Reads 0 where a variable cannot be read.' }),
      sampleAgain(['--suppress-handler-errors'], {
        effect: 'Lets the run continue after such a fault.',
        risk: 'Samples with a fault are missing, and only their number is reported.',
      }),
    ],
    links: ['man error::fault'],
    examples: [
      {
        text: "ERROR: read fault [man error::fault] at 0x00007f0012345678 near operator '@cast' at <input>:3:7",
        from: 'source',
      },
      {
        text: "ERROR: user string copy fault -14 at 0000000000000008 [man error::fault] near identifier 'user_string_n' at /usr/share/systemtap/tapset/uconversions.stp:120:10",
        from: 'report',
      },
      {
        text: "ERROR: kernel string copy fault at 0xffff8800deadbeef [man error::fault] near identifier 'kernel_string_n'",
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
    meaning: 'stap left out messages that resemble those it printed.',
    cause: ({ kind = 'message', count }) =>
      count === undefined ? 'It does not say how many.' : `It left out ${count} more of the kind ${kind}.`,
    fixes: () => [sampleAgain(['-v'], { effect: 'Prints all of them.' })],
    examples: [
      {
        text: 'Number of similar error messages suppressed: 5.',
        from: 'source',
      },
      {
        text: 'Number of similar warning messages suppressed: 12.',
        from: 'source',
      },
      { text: 'Rerun with -v to see them.', from: 'source' },
      { text: 'WARNING deduplication table full', from: 'source' },
    ],
  },
];
