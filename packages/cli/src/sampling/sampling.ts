import { Readable, Transform, pipeline } from 'node:stream';
import { createRunner, mergeTraces, type RunnerExit, type StapRunner } from '@stapflame/stap-runner';
import { generateScript, type SamplingScript } from '@stapflame/stap-script';
import split2 from 'split2';
import type { Countdown, Tally } from './countdown.ts';
import type { Closed, Place } from './place.ts';

/**
 * Options for splitting stderr into lines. Very long lines are skipped, because split2 takes quadratic time for them.
 * The type is declared here because split2's types lack `skipOverflow`.
 */
const MESSAGES: { readonly maxLength: number; readonly skipOverflow: boolean } = {
  maxLength: 1 << 14,
  skipOverflow: true,
};

/** How sampling ended on one machine. */
export interface End {
  readonly host: string | undefined;
  readonly exit: RunnerExit;
  readonly trace: Passed;
  /** Why the run never began, if we found out before starting a program. */
  readonly why?: string;
  /** Whether stap read the kernel's functions from a file that was made for it. */
  readonly hasKernelNames?: boolean;
}

/** Facts about a trace that was passed on. */
interface Passed {
  /** The trace's first characters, with the header. */
  readonly first: string;
  /** The trace's last characters, with the trailer. */
  readonly last: string;
  readonly samples: number;
}

/** Sampling in progress on one or more machines. */
export interface Sampling {
  /** The trace. With several hosts, each line begins with its host's number. */
  readonly trace: Readable;
  readonly tally: Tally;
  /** Resolves when sampling has ended on all machines. Never rejects. */
  readonly ends: Promise<readonly End[]>;
  stop(): void;
  /** Stops immediately, without waiting for the end of the trace. */
  abandon(): void;
}

export function startSampling(places: readonly (Place | Closed)[], countdown: Countdown): Sampling {
  const tally = { bytes: 0, samples: 0 };
  const runs = places.map((place) => ('exit' in place ? closed(place) : open(place, countdown, tally)));
  return {
    trace: runs.length === 1 ? runs[0]!.trace : mergeTraces(runs.map(({ trace }) => trace)),
    tally,
    ends: Promise.all(runs.map(({ end }) => end)),
    stop: () => {
      for (const run of runs) run.stop();
    },
    abandon: () => {
      for (const run of runs) run.abandon();
    },
  };
}

interface Run {
  readonly trace: Readable;
  readonly end: Promise<End>;
  stop(): void;
  abandon(): void;
}

function closed(place: Closed): Run {
  const end = Promise.resolve({ ...place, trace: { first: '', last: '', samples: 0 } });
  return { trace: Readable.from([]), end, stop: () => undefined, abandon: () => undefined };
}

function open(
  { host, runner: options, script: wanted, notes }: Place,
  countdown: Countdown,
  tally: Counts,
): Run {
  const from = host === undefined ? '' : `${host}: `;
  const script = generateScript(wanted);
  for (const line of [...notes, ...costs(script)]) countdown.say(`${from}${line}`);
  const runner = createRunner({ ...options, stapArguments: script.stapArguments });
  const messages = runner.stderr.pipe(split2(MESSAGES));
  messages.on('data', (line: string) => line === '' || countdown.say(`${from}${line}`));
  const trace = new Watched(tally);
  // The trace's reader receives the errors.
  pipeline(Readable.from([script.text]), runner.stream, trace, () => undefined);
  const end = ended(runner, trace, { host, hasKernelNames: options.debuginfoPath !== undefined });
  return { trace, end, stop: () => runner.stop(), abandon: () => runner.abandon() };
}

async function ended(
  runner: StapRunner,
  trace: Watched,
  place: Pick<End, 'host' | 'hasKernelNames'>,
): Promise<End> {
  const exit = await runner.exit;
  return { ...place, exit, trace };
}

function costs({ estimate, notes }: SamplingScript): readonly string[] {
  const { kernelBytes, kernelBytesPerCpu, bytesPerSecond, cpuShare } = estimate;
  const memory = kernelBytes ?? kernelBytesPerCpu;
  const cost = `about ${Math.ceil(memory / 2 ** 20)} MiB of kernel memory${kernelBytes === undefined ? ' for each CPU' : ''}`;
  const rate =
    bytesPerSecond === undefined ? '' : `, at most about ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  const time =
    cpuShare === undefined
      ? ''
      : `, about ${(100 * cpuShare).toPrecision(2)} % of each CPU where the target runs`;
  return [...notes, `sampling takes ${cost}${rate}${time}`];
}

interface Counts {
  bytes: number;
  samples: number;
}

const TAB = 0x09;
/** Number of characters to keep from the trace's beginning and end. */
const KEPT = 256;

/** Passes a trace on, counts its bytes and samples, and keeps its beginning and end. */
class Watched extends Transform implements Passed {
  first = '';
  last = '';
  samples = 0;
  readonly #tally: Counts;

  constructor(tally: Counts) {
    super();
    this.#tally = tally;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    if (this.first.length < KEPT) this.first += chunk.toString('latin1', 0, KEPT - this.first.length);
    this.last = (this.last + chunk.subarray(-KEPT).toString('latin1')).slice(-KEPT);
    const before = this.samples;
    // Each sample's last line begins with TAB and contains the count. No other line begins with TAB.
    for (let at = chunk.indexOf(TAB); at >= 0; at = chunk.indexOf(TAB, at + 1)) this.samples++;
    this.#tally.samples += this.samples - before;
    this.#tally.bytes += chunk.length;
    done(null, chunk);
  }
}
