import type { SingleBar } from 'cli-progress';
import { forTerminal } from '../terminal.ts';
import { standardError } from '../io/standard-error.ts';

/** Milliseconds between updates. */
const EVERY = 250;
const KILOBYTE = 1e3;
/** Milliseconds without data before we report that stap is compiling. With a cached module, data arrives earlier. */
const LONG_COMPILE = 20_000;
const STILL_COMPILING =
  'stap is still compiling its module; this takes a minute or more the first time, and later runs use the cached module';
const CLEAR_LINE = '\r\u001B[K';

/** The amount of trace data received so far. */
export interface Tally {
  readonly bytes: number;
  readonly samples: number;
}

/**
 * Shows messages on standard error and, on a terminal, also the time left and the amount of data received so far. With
 * `--quiet`, shows only the messages passed to {@link insist}.
 */
export class Countdown {
  readonly #quiet: boolean;
  readonly #seconds: number | undefined;
  #bar: SingleBar | undefined;

  constructor(quiet: boolean, seconds: number | undefined) {
    this.#quiet = quiet;
    this.#seconds = seconds;
  }

  say(line: string): void {
    if (!this.#quiet) this.insist(line);
  }

  /** Prints a message even with `--quiet`. */
  insist(line: string): void {
    // The bar is cleared for the message. Its next update draws it again.
    standardError().write(`${this.#bar ? CLEAR_LINE : ''}stapflame: ${forTerminal(line)}\n`);
  }

  /** Does the work. If no data arrives for a while, reports that stap is still compiling. */
  async during(tally: Tally, work: () => Promise<void>): Promise<void> {
    const long = setTimeout(() => {
      if (tally.bytes === 0) this.say(STILL_COMPILING);
    }, LONG_COMPILE);
    try {
      await this.#underBar(tally, work);
    } finally {
      clearTimeout(long);
    }
  }

  /** Does the work, and shows a bar once the first byte has arrived. */
  async #underBar(tally: Tally, work: () => Promise<void>): Promise<void> {
    if (this.#quiet || !standardError().isTTY) return work();
    const { default: progress } = await import('cli-progress');
    const total = this.#seconds ?? 0;
    const timed = total > 0 ? '{bar} {left} s left' : '{value} s';
    const format = `${timed} | {samples} samples, {kilobytes} KB`;
    const bar = new progress.SingleBar({
      format,
      stream: standardError(),
      clearOnComplete: true,
      hideCursor: true,
    });
    let began: number | undefined;
    const show = (): void => {
      if (tally.bytes === 0) return;
      began ??= performance.now();
      const gone = Math.floor((performance.now() - began) / 1000);
      const { samples, bytes } = tally;
      const payload = { left: Math.max(0, total - gone), samples, kilobytes: Math.round(bytes / KILOBYTE) };
      if (!this.#bar) bar.start(total, 0, payload);
      this.#bar = bar;
      bar.update(total > 0 ? Math.min(gone, total) : gone, payload);
    };
    const timer = setInterval(show, EVERY);
    try {
      await work();
    } finally {
      clearInterval(timer);
      this.#bar?.stop();
      this.#bar = undefined;
    }
  }
}
