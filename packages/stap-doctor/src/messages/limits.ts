import { advise } from '../finding.ts';
import type { Entry } from './entry.ts';
import { sampleAgain } from './sampling-flags.ts';

/** Messages about memory and time limits that a run reached, and about the resulting losses. */
export const LIMITS: readonly Entry[] = [
  {
    code: 'array-overflow',
    patterns: [
      /^ERROR: Array overflow, check (?:size limit \((?<limit>\d+)\)|MAXMAPENTRIES)(?: near identifier '(?<array>\w+)' at (?<place>\S+))?/,
    ],
    severity: 'costs',
    meaning: 'The script found more distinct stacks than fit into its table, and ended immediately.',
    cause: ({ array = 'The table', limit }) =>
      `${array} was full${limit === undefined ? '' : ` at ${limit} entries`}. Its contents may not have been printed.`,
    fixes: ({ limit }) => [
      sampleAgain(['--mode', 'stream'], {
        effect: 'Prints each sample when it is taken, so that no table is needed.',
      }),
      sampleAgain(['-t', '10'], {
        effect: 'Samples for a shorter time, which yields fewer distinct stacks.',
      }),
      sampleAgain([`-DMAXMAPENTRIES=${Math.min(10 * Number(limit ?? 5000), 1_000_000)}`], {
        effect: 'Makes the table larger.',
        risk: 'The table takes up kernel memory for each CPU, even before the first sample.',
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
        : `The probes used ${cycles} cycles in one interval, but SystemTap allows only ${threshold}.`,
    fixes: () => [
      sampleAgain(['-F', '19'], { effect: 'Samples less often.' }),
      sampleAgain(['--max-backtrace', '32'], {
        effect: 'Unwinds fewer frames of each stack.',
      }),
      sampleAgain(['-DSTP_NO_OVERLOAD'], {
        effect: 'Switches off the time limit for probes, as -g --suppress-time-limits does.',
        risk: 'Last resort: nothing then stops a run that brings the machine to a standstill.',
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
      'The run ended because too many samples were skipped (more than MAXSKIPPED, which is 100 by default).',
    cause: 'CPUs waited for the same lock in the script, or a probe was hit while it was already running.',
    fixes: () => [
      sampleAgain(['-F', '19'], { effect: 'Samples less often.' }),
      sampleAgain(['-DMAXSKIPPED=10000'], {
        effect: 'Lets the run continue even if more samples are skipped.',
        risk: 'Busy CPUs miss more samples than others, so the picture understates their share.',
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
      `Errors: ${errors}; other messages describe them. Samples that were not taken: ${skipped}.`,
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
    cause: ({ reason, count }) => `Number of skipped samples: ${count}. Reason: ${reason}.`,
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
      "A probe did more than the script's limits allow, which ended the run. Everything after that is missing from the trace.",
    cause: ({ limit }) =>
      limit === 'MAXACTION'
        ? 'The probe was most likely the one that prints all stacks at the end, where each line counts as an action.'
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
        effect:
          'Raises the limit. For a probe that runs at the end of a script, the limit is ten times as high.',
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
    meaning: 'The trace was written faster than it was read, so stacks were lost or are incomplete.',
    cause: ({ count, size }) =>
      `A buffer${size === undefined ? '' : ` of ${size} MB`} was full ${count === '1' ? 'once' : `${count} times`}. The trace is incomplete.`,
    fixes: ({ size }) => {
      const larger = String(Math.min(4 * Number(size ?? 16), 4095));
      return [
        sampleAgain(['-s', larger], {
          effect:
            'Makes the buffers larger. They use kernel memory; in bulk mode, each CPU has its own buffers.',
        }),
        sampleAgain(['-F', '19'], { effect: 'Samples less often, so that less text is written.' }),
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
    meaning: 'The trace was written faster than it was read, so stacks were lost.',
    cause: ({ messages, bytes }) =>
      `${messages} messages with ${bytes} bytes in total were lost. The trace is incomplete.`,
    fixes: () => [
      sampleAgain(['-s', '64'], { effect: 'Makes the buffers larger. They use kernel memory.' }),
      sampleAgain(['-F', '19'], { effect: 'Samples less often, so that less text is written.' }),
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
    meaning:
      'The data from the kernel was damaged, so the program that reads the data skipped to the next intact part.',
    cause:
      "A buffer overflowed while it was being read. Bytes from the buffer's headers may be in the trace.",
    fixes: () => [
      sampleAgain(['-s', '64'], { effect: 'Makes the buffers larger. They use kernel memory.' }),
      sampleAgain(['-F', '19'], { effect: 'Samples less often, so that less text is written.' }),
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
        ? 'Very many warnings were printed in a short time, most likely about missing unwind data. The trace itself is not affected.'
        : `Very many messages (${kind}) were printed in a short time.`,
    fixes: () => [
      advise('Fix the causes of the other warnings, usually with -d. SystemTap then prints fewer of them.'),
      sampleAgain(['-DSTP_DEFAULT_BUFFERS=1024'], {
        effect: 'Makes the pool larger. It uses kernel memory.',
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
      advise('If the script is your own, wrap the read in try { … } catch { … }.'),
      sampleAgain(['--skip-badvars'], { effect: 'Uses 0 as the value of variables that cannot be read.' }),
      sampleAgain(['--suppress-handler-errors'], {
        effect: 'Lets the run continue after such a fault.',
        risk: 'Samples with a fault are missing from the trace; only their number is reported.',
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
    meaning: 'stap left out messages that are similar to ones that it printed.',
    cause: ({ kind = 'message', count }) =>
      count === undefined
        ? 'stap does not say how many messages it left out.'
        : `stap left out ${count} similar ${kind} messages.`,
    fixes: () => [sampleAgain(['-v'], { effect: 'Prints all messages.' })],
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
