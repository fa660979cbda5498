import { separatorLike } from './grammar/separator.ts';

/** A line of the trace. */
export interface TraceLine {
  /** Its byte offset. */
  readonly offset: number;
  readonly text: string;
}

/** A line of stap's stderr found in the trace. */
export type Diagnostic = TraceLine;

/** What may be wrong with how the trace is read. */
export type Hint =
  /** A line that became a frame or was ignored looks like a separator of samples; `pattern` matches such lines. */
  | { readonly kind: 'separator'; readonly line: TraceLine; readonly pattern: string }
  /** The most samples have a heading of their own, such as a time stamp, so that no two of them are summed. */
  | {
      readonly kind: 'changing-heads';
      /** Samples with a heading, and samples with a heading that no earlier sample has. */
      readonly records: number;
      readonly changing: number;
      /** The first of these headings. */
      readonly line: TraceLine;
    };

/** Why a record was not trusted. */
export type DamageReason =
  /** A control byte: a transport buffer was lost there. */
  | 'control-byte'
  /** TAB and something that is no plain decimal number; its weight is lost. */
  | 'count'
  /** Does not begin with its one `#<` and end with its one matching `#>`. */
  | 'framing'
  /** A message of stap in the middle of a line, the rest of which stands on the next. */
  | 'message'
  /** A line over `maxLineLength`. */
  | 'long-line'
  /** More lines than `maxRecordLines`. */
  | 'long-record'
  /** More samples than the trailer knows of. */
  | 'repeated';

/** A record that was not trusted. */
export interface Damage {
  /** Byte offset of the offending line or, for `framing` and `long-record`, of the record. */
  readonly offset: number;
  readonly reason: DamageReason;
}

/** What the parser read, and what it lost. The lists keep the first {@link KEPT} entries; the numbers count all. */
export interface ParserSummary {
  /** Bytes of input. */
  readonly bytes: number;
  /** Records with a count, damaged ones among them. */
  readonly records: number;
  /** Records whose frames are passed on: those that were not damaged. */
  readonly whole: number;
  /** Sum of the counts: the weight of all stacks that are passed on. */
  readonly weight: number;
  /** Damaged records. Their weight goes to the stack `[damaged]`. */
  readonly damaged: number;
  /** Weight of the stack `[damaged]`; a damaged count line adds nothing to it. */
  readonly damagedWeight: number;
  readonly damage: readonly Damage[];
  /** Inputs that end within a record. */
  readonly truncated: number;
  /** Samples that the trailer of the trace counts and that did not arrive. */
  readonly lost: number;
  /**
   * Weight of the stacks that a sampler which counts in the kernel did not print, because they are beyond its
   * limit.
   */
  readonly beyondLimit: number;
  /** Stacks as long as the sampler's MAXBACKTRACE: their root end was not printed. */
  readonly cut: number;
  /** Lines that belong to no record. */
  readonly ignoredLines: number;
  /** Lines of unknown form that became frames; those of framed records, which have a root line, are not counted. */
  readonly unknownLines: number;
  /** The first distinct lines of unknown form. */
  readonly unknown: readonly TraceLine[];
  readonly hints: readonly Hint[];
  /** Lines of stap's stderr in the trace. */
  readonly diagnosticCount: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Diagnostics that say that samples were lost or that the script failed. */
  readonly errors: number;
  /** The trace is framed or has our header, but no trailer. */
  readonly trailerMissing: boolean;
  /** Nothing was damaged, truncated or lost. */
  readonly complete: boolean;
}

/** How many entries the lists of a summary keep. */
const KEPT = 100;

/** How many lines of unknown form a summary shows. */
const KEPT_UNKNOWN = 10;
/** Fewer different headings prove nothing: each may name a thread that was sampled once. */
const CHANGING_HEADS = 20;
const CHANGING_SHARE = 0.9;

/** The numbers of a summary, which grow during reading. */
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

  /** Notes a line of unknown form that was not seen before. */
  addUnknown(line: TraceLine): void {
    const isNew = this.#unknown.every(({ text }) => text !== line.text);
    if (isNew && this.#unknown.length < KEPT_UNKNOWN) this.#unknown.push(line);
    if (this.#separator !== undefined) return;
    const pattern = separatorLike(line.text);
    if (pattern !== undefined) this.#separator = { kind: 'separator', line, pattern };
  }

  /** Counts a record with a heading; `fresh` is a line of it that no earlier record has. */
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
