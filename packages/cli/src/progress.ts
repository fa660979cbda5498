import type { SingleBar } from 'cli-progress';
import type { CommonOptions } from './commands/context.ts';
import type { InputTold } from './inputs/input.ts';
import type { Input } from './io/inputs.ts';
import { standardError } from './io/standard-error.ts';

/** The data that the progress bar shows. */
export interface Watched {
  readonly inputs: readonly Pick<Input, 'bytesRead' | 'size'>[];
  /** Returns the reader's report, or `undefined` until the kind of input is known. */
  readonly told: () => InputTold | undefined;
}

/** Milliseconds between updates of the bar. */
const EVERY = 200;
const MEGABYTE = 1e6;

/**
 * Does the work while showing a progress bar on standard error. The bar shows the bytes, samples and records read so
 * far, and the rate. There is no bar with `--quiet`, for short work, or if standard error is not a terminal.
 *
 * @param files the named inputs; an empty list means standard input
 */
export async function withProgress(
  { quiet }: Pick<CommonOptions, 'quiet'>,
  files: readonly string[],
  watched: Watched,
  work: () => Promise<void>,
): Promise<void> {
  if (quiet || !standardError().isTTY) return work();
  const bar = new Bar(Math.max(files.length, 1), watched);
  const timer = setInterval(() => void bar.show(), EVERY);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    bar.stop();
  }
}

class Bar {
  readonly #files: number;
  readonly #watched: Watched;
  readonly #started = performance.now();
  #bar: SingleBar | undefined;
  #stopped = false;

  constructor(files: number, watched: Watched) {
    this.#files = files;
    this.#watched = watched;
  }

  async show(): Promise<void> {
    const { default: progress } = await import('cli-progress');
    const { inputs } = this.#watched;
    const told = this.#watched.told();
    if (this.#stopped || !told) return;
    const read = inputs.reduce((bytes, { bytesRead }) => bytes + bytesRead, 0);
    const total = Math.max(
      inputs.reduce((bytes, { size }) => bytes + (size ?? 0), 0),
      1,
    );
    const seconds = Math.max((performance.now() - this.#started) / 1000, 0.001);
    const { weight, records } = told.trace ?? told.read ?? { weight: 0, records: 0 };
    const payload = {
      read: (read / MEGABYTE).toFixed(1),
      rate: (read / MEGABYTE / seconds).toFixed(0),
      samples: weight,
      records,
    };
    if (!this.#bar) {
      this.#bar = new progress.SingleBar({
        format: this.#format(told),
        stream: standardError(),
        clearOnComplete: true,
        hideCursor: true,
      });
      this.#bar.start(total, read, payload);
    }
    this.#bar.setTotal(total);
    this.#bar.update(read, payload);
  }

  /**
   * Returns the bar's format. It shows a percentage only if every input is a file, because other inputs' sizes are not
   * known.
   */
  #format({ trace, read }: InputTold): string {
    const { inputs } = this.#watched;
    const samples = trace || read ? ' | {samples} samples in {records} records' : '';
    const sized = inputs.length === this.#files && inputs.every(({ size }) => size !== undefined);
    return `${sized ? '{bar} {percentage} % | ' : ''}{read} MB, {rate} MB/s${samples}`;
  }

  stop(): void {
    this.#stopped = true;
    this.#bar?.stop();
  }
}
