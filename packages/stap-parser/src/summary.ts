import { separatorLike } from './grammar/separator.ts';

/** A line in the trace. */
export interface TraceLine {
  /** Its byte offset. */
  readonly offset: number;
  readonly text: string;
}

/** A line from stap's stderr found in the trace. */
export type Diagnostic = TraceLine;

/** A possible mistake in how the trace is read. */
export type Hint =
  /** A line that became a frame or was ignored looks like a separator between samples; `pattern` matches such lines. */
  | { readonly kind: 'separator'; readonly line: TraceLine; readonly pattern: string }
  /** Most samples have a unique heading, such as a time stamp, so that no two of them are summed. */
  | {
      readonly kind: 'changing-heads';
      /** Number of samples with a heading, and of samples with a heading that no earlier sample has. */
      readonly records: number;
      readonly changing: number;
      /** The first of these headings. */
      readonly line: TraceLine;
    };

/** Why a record was not trusted. */
export type DamageReason =
  /** A control byte: a transport buffer was lost there. */
  | 'control-byte'
  /** A TAB and text that is not a plain decimal number; the record's weight is lost. */
  | 'count'
  /** The record does not begin with one `#<` and end with one matching `#>`. */
  | 'framing'
  /** A stap message in the middle of a line, whose rest is on the next line. */
  | 'message'
  /** A line longer than `maxLineLength`. */
  | 'long-line'
  /** More lines than `maxRecordLines`. */
  | 'long-record'
  /** More samples than the trailer reports. */
  | 'repeated';

/** A record that was not trusted. */
export interface Damage {
  /** Byte offset of the offending line or, for `framing` and `long-record`, of the record. */
  readonly offset: number;
  readonly reason: DamageReason;
}

/** What was read and what was lost. The lists keep the first {@link KEPT} entries; the numbers count all of them. */
export interface ParserSummary {
  /** Number of input bytes. */
  readonly bytes: number;
  /** Records with a count, including damaged ones. */
  readonly records: number;
  /** Records that were not damaged, whose frames are passed on. */
  readonly whole: number;
  /** Sum of the counts: the weight of all stacks passed on. */
  readonly weight: number;
  /** Damaged records. Their weight goes to the stack `[damaged]`. */
  readonly damaged: number;
  /** Weight of the stack `[damaged]`. A damaged count line adds nothing to it. */
  readonly damagedWeight: number;
  readonly damage: readonly Damage[];
  /** Inputs that end within a record. */
  readonly truncated: number;
  /** Samples that the trailer counts but that did not arrive. */
  readonly lost: number;
  /**
   * Weight of the stacks that a sampler that counts in the kernel did not print, because they are beyond its limit.
   */
  readonly beyondLimit: number;
  /** Stacks as long as the sampler's MAXBACKTRACE, whose root end was not printed. */
  readonly cut: number;
  /** Lines that belong to no record. */
  readonly ignoredLines: number;
  /** Lines with unknown forms that became frames. The root lines of framed records are not counted. */
  readonly unknownLines: number;
  /** The first distinct lines with unknown forms. */
  readonly unknown: readonly TraceLine[];
  readonly hints: readonly Hint[];
  /** Number of lines from stap's stderr in the trace. */
  readonly diagnosticCount: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Number of diagnostics saying that samples were lost or that the script failed. */
  readonly errors: number;
  /** The trace is framed or has our header, but lacks a trailer. */
  readonly trailerMissing: boolean;
  /** Nothing was damaged, truncated or lost. */
  readonly complete: boolean;
}

/** The most entries in each list of a summary. */
const KEPT = 100;

/** The most lines with unknown forms that a summary shows. */
const KEPT_UNKNOWN = 10;
/** Fewer different headings than this prove nothing: each may name a thread that was sampled once. */
const CHANGING_HEADS = 20;
const CHANGING_SHARE = 0.9;

/** Builds a summary while a trace is read. */
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

  /** Counts records that came more than once; does nothing if `records` is 0 or less. */
  addRepeated(records: number, offset: number): void {
    if (records <= 0) return;
    this.addDamage({ offset, reason: 'repeated' });
    this.damaged += records - 1;
  }

  addDiagnostic(diagnostic: Diagnostic): void {
    this.diagnosticCount++;
    if (this.#diagnostics.length < KEPT) this.#diagnostics.push(diagnostic);
  }

  /** Notes a new line with an unknown form. */
  addUnknown(line: TraceLine): void {
    const isNew = this.#unknown.every(({ text }) => text !== line.text);
    if (isNew && this.#unknown.length < KEPT_UNKNOWN) this.#unknown.push(line);
    if (this.#separator !== undefined) return;
    const pattern = separatorLike(line.text);
    if (pattern !== undefined) this.#separator = { kind: 'separator', line, pattern };
  }

  /** Counts a record with a heading. `fresh` is a line in it that no earlier record has. */
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
