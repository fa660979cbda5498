import type { Losses } from '../facts.ts';

/** A damaged record. */
export interface Damage {
  /** Byte offset of the line that cannot be read. */
  readonly offset: number;
  /**
   * Why the record is damaged: the line contains a zero byte (as in a sparse file), the line is too long, or the record
   * has too many lines.
   */
  readonly reason: 'control-byte' | 'long-line' | 'long-record';
}

/** A line in the input. */
export interface InputLine {
  /** The line's byte offset. */
  readonly offset: number;
  readonly text: string;
}

/** A summary of what a parser read and what was lost. */
export interface ReadSummary {
  /** Number of records with a weight, including damaged records. */
  readonly records: number;
  /** Number of records that are not damaged. */
  readonly whole: number;
  /** The weight of all stacks passed on. */
  readonly weight: number;
  /** Number of damaged records, and their weight, which is counted under `[damaged]`. */
  readonly damaged: number;
  readonly damagedWeight: number;
  /** The first damaged records. */
  readonly damage: readonly Damage[];
  /** Number of inputs that end within a record. Such a record is left out. */
  readonly truncated: number;
  /** Number of lost samples, as reported by the sampler. */
  readonly lost: number;
  /** Number of messages from the sampler that report a failure. */
  readonly errors: number;
  /** Number of unrecognised lines, and the first of them. */
  readonly ignoredLines: number;
  readonly firstIgnored?: InputLine;
  /** Whether nothing was damaged, truncated or lost, and the sampler reported no failure. */
  readonly complete: boolean;
}

/** Maximum number of damaged records to list in a summary. */
const KEPT = 100;
/** Maximum number of characters to show from a line in a summary. */
const SHOWN_LENGTH = 1000;

/** Counts records, damage and losses for a parser's summary. */
export class ReadTally {
  records = 0;
  weight = 0;
  truncated = 0;
  lost = 0;
  errors = 0;
  #damaged = 0;
  #damagedWeight = 0;
  #ignoredLines = 0;
  #firstIgnored: InputLine | undefined;
  readonly #damage: Damage[] = [];

  /** Counts a record, which may be damaged. */
  add(weight: number, damage?: Damage): void {
    this.records++;
    this.weight += weight;
    if (!damage) return;
    this.#damaged++;
    this.#damagedWeight += weight;
    if (this.#damage.length < KEPT) this.#damage.push(damage);
  }

  ignore({ offset, text }: InputLine): void {
    this.#ignoredLines++;
    this.#firstIgnored ??= { offset, text: text.slice(0, SHOWN_LENGTH) };
  }

  /** The kinds of loss that occurred, with their counts. */
  get losses(): Losses {
    const { truncated, lost, errors } = this;
    const counts = Object.entries({ damaged: this.#damaged, truncated, lost, errors });
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  summary(): ReadSummary {
    const { records, weight, truncated, lost, errors } = this;
    return {
      records,
      whole: records - this.#damaged,
      weight,
      damaged: this.#damaged,
      damagedWeight: this.#damagedWeight,
      damage: [...this.#damage],
      truncated,
      lost,
      errors,
      ignoredLines: this.#ignoredLines,
      ...(this.#firstIgnored && { firstIgnored: this.#firstIgnored }),
      complete: this.#damaged + truncated + lost + errors === 0,
    };
  }
}
