import type { Losses } from '../facts.ts';

/** A damaged record. */
export interface Damage {
  /** Byte offset of the offending line. */
  readonly offset: number;
  /** A zero byte, as in a hole in a file; a line that is too long; a record with too many lines. */
  readonly reason: 'control-byte' | 'long-line' | 'long-record';
}

/** A line in the input. */
export interface InputLine {
  /** Its byte offset. */
  readonly offset: number;
  readonly text: string;
}

/** A summary of what a parser read and what was lost. */
export interface ReadSummary {
  /** Records with a weight, including damaged ones. */
  readonly records: number;
  /** Records that were not damaged. */
  readonly whole: number;
  /** The weight of all stacks passed on. */
  readonly weight: number;
  /** Damaged records. Their weight goes to the stack `[damaged]`. */
  readonly damaged: number;
  readonly damagedWeight: number;
  /** The first damaged records. */
  readonly damage: readonly Damage[];
  /** Inputs that end within a record. This record is left out. */
  readonly truncated: number;
  /** Lost samples, as reported by the sampler. */
  readonly lost: number;
  /** Messages saying that the sampler failed. */
  readonly errors: number;
  /** Number of lines with an unknown form, and the first such line. */
  readonly ignoredLines: number;
  readonly firstIgnored?: InputLine;
  /** Nothing was damaged, truncated or lost, and nothing failed. */
  readonly complete: boolean;
}

/** The most damaged records that a summary lists. */
const KEPT = 100;
/** The most characters of a line that a summary shows. */
const SHOWN_LENGTH = 1000;

/** Counts what a parser reads, for its summary. */
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

  /** Counts a record, damaged or not. */
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

  /** Only the losses. */
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
