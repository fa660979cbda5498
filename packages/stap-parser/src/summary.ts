import { separatorLike } from './grammar/separator.ts';

/** A line in the trace. */
export interface TraceLine {
  /** The line's byte offset. */
  readonly offset: number;
  readonly text: string;
}

/** A message from stap's stderr in the trace. */
export type Diagnostic = TraceLine;

/** A hint that the trace may have been read with the wrong options. */
export type Hint =
  /** A line read as a frame, or ignored, looks like a separator between samples. `pattern` matches it. */
  | { readonly kind: 'separator'; readonly line: TraceLine; readonly pattern: string }
  /** Most samples have different headings, such as time stamps, so their stacks are not merged. */
  | {
      readonly kind: 'changing-heads';
      /**
       * Number of samples with a heading (`records`), and of those whose heading no earlier sample had (`changing`).
       */
      readonly records: number;
      readonly changing: number;
      /** The first heading that no earlier sample had. */
      readonly line: TraceLine;
    };

/** Why a record is damaged. */
export type DamageReason =
  /** A line contains a control byte, because a transport buffer was lost there. */
  | 'control-byte'
  /** The count is not a plain decimal number, so the record's weight is not known. */
  | 'count'
  /** The record does not begin with one `#<`, or it does not end with one matching `#>`. */
  | 'framing'
  /** A stap message interrupts a line, and the rest of the line follows on the next line. */
  | 'message'
  /** A line is longer than `maxLineLength`. */
  | 'long-line'
  /** The record has more lines than `maxRecordLines`. */
  | 'long-record'
  /** The trace contains more samples than the trailer reports. */
  | 'repeated';

/** A damaged record. */
export interface Damage {
  /** Byte offset of the line that caused the damage or, for `framing` and `long-record`, of the record. */
  readonly offset: number;
  readonly reason: DamageReason;
}

/** A summary of what was read and lost. The lists have at most {@link KEPT} entries; the numbers are complete. */
export interface ParserSummary {
  /** Number of input bytes. */
  readonly bytes: number;
  /** Number of records with a count, including damaged records. */
  readonly records: number;
  /** Number of records that are not damaged. */
  readonly whole: number;
  /** The sum of the counts, that is, the total weight of all stacks passed on. */
  readonly weight: number;
  /** Number of damaged records. Their weight is counted under `[damaged]`. */
  readonly damaged: number;
  /** Weight of the damaged records. A record with a damaged count line has no weight. */
  readonly damagedWeight: number;
  readonly damage: readonly Damage[];
  /** Number of traces that end within a record. */
  readonly truncated: number;
  /** Number of samples that the trailer counts but that did not arrive. */
  readonly lost: number;
  /**
   * Weight of the stacks that the sampler did not print because of its limit. Only samplers that count stacks in the
   * kernel have this limit.
   */
  readonly beyondLimit: number;
  /** Number of cut stacks, which are those with as many frames as the sampler's MAXBACKTRACE. */
  readonly cut: number;
  /** Number of lines that belong to no record. */
  readonly ignoredLines: number;
  /** Number of unrecognised lines that became frames. The root lines of framed records are not counted. */
  readonly unknownLines: number;
  /** The first distinct unrecognised lines. */
  readonly unknown: readonly TraceLine[];
  readonly hints: readonly Hint[];
  /** Number of messages from stap's stderr in the trace. */
  readonly diagnosticCount: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Number of messages that report lost samples or a failed script. */
  readonly errors: number;
  /** Whether the trace is framed or has a header, but has no trailer. */
  readonly trailerMissing: boolean;
  /** Whether nothing was damaged, truncated or lost. */
  readonly complete: boolean;
}

/** Maximum number of entries in each of a summary's lists. */
const KEPT = 100;

/** Maximum number of unrecognised lines to list in a summary. */
const KEPT_UNKNOWN = 10;
/** Minimum number of different headings for a hint. Fewer may be the names of threads that were sampled only once. */
const CHANGING_HEADS = 20;
const CHANGING_SHARE = 0.9;

/** Builds the summary while a trace is read. */
export class SummaryBuilder {
  bytes = 0;
  records = 0;
  whole = 0;
  weight = 0;
  damaged = 0;
  damagedWeight = 0;
  truncated = 0;
  lost = 0;
  beyondLimit = 0;
  cut = 0;
  ignoredLines = 0;
  unknownLines = 0;
  diagnosticCount = 0;
  errors = 0;
  trailerMissing = false;
  readonly #damage: Damage[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #unknown: TraceLine[] = [];
  #separator: Hint | undefined;
  #headed = 0;
  #changing = 0;
  #changingHead: TraceLine | undefined;

  addDamage(damage: Damage): void {
    this.damaged++;
    if (this.#damage.length < KEPT) this.#damage.push(damage);
  }

  /** Counts records that arrived more than once. Does nothing if `records` is 0 or less. */
  addRepeated(records: number, offset: number): void {
    if (records <= 0) return;
    this.addDamage({ offset, reason: 'repeated' });
    this.damaged += records - 1;
  }

  addDiagnostic(diagnostic: Diagnostic): void {
    this.diagnosticCount++;
    if (this.#diagnostics.length < KEPT) this.#diagnostics.push(diagnostic);
  }

  /** Notes a new unrecognised line. */
  addUnknown(line: TraceLine): void {
    const isNew = this.#unknown.every(({ text }) => text !== line.text);
    if (isNew && this.#unknown.length < KEPT_UNKNOWN) this.#unknown.push(line);
    if (this.#separator !== undefined) return;
    const pattern = separatorLike(line.text);
    if (pattern !== undefined) this.#separator = { kind: 'separator', line, pattern };
  }

  /** Counts a record with a heading. `fresh` is a line in it that no earlier heading had, if there is one. */
  addHead(fresh: TraceLine | undefined): void {
    this.#headed++;
    if (fresh === undefined) return;
    this.#changing++;
    this.#changingHead ??= fresh;
  }

  #hints(): Hint[] {
    const [records, changing, line] = [this.#headed, this.#changing, this.#changingHead];
    const heads = line !== undefined && changing >= CHANGING_HEADS && changing >= records * CHANGING_SHARE;
    return [
      ...(this.#separator ? [this.#separator] : []),
      ...(heads ? [{ kind: 'changing-heads', records, changing, line } as const] : []),
    ];
  }

  snapshot(): ParserSummary {
    const { bytes, records, whole, weight, damaged, damagedWeight, truncated, lost, cut } = this;
    const { beyondLimit, ignoredLines, unknownLines, diagnosticCount, errors, trailerMissing } = this;
    return {
      bytes,
      records,
      whole,
      weight,
      damaged,
      damagedWeight,
      damage: [...this.#damage],
      truncated,
      lost,
      beyondLimit,
      cut,
      ignoredLines,
      unknownLines,
      unknown: [...this.#unknown],
      hints: this.#hints(),
      diagnosticCount,
      diagnostics: [...this.#diagnostics],
      errors,
      trailerMissing,
      complete: damaged + truncated + lost + errors === 0 && !trailerMissing,
    };
  }
}
