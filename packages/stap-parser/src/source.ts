import { numberField, type TraceComment } from './grammar/comment.ts';
import { OpenRecord, type LineBudget } from './record.ts';
import type { SummaryBuilder } from './summary.ts';

/** A line and its offset in the input. */
export interface HeldLine {
  readonly text: string;
  readonly offset: number;
}

/**
 * One writer of the trace: the input itself or, with `stap --remote-prefix`, one of its hosts. Keeps the
 * open record, and what the trace says about itself between its header and its trailer.
 */
export class Source {
  readonly record: OpenRecord;
  /** Root frame of all its stacks. */
  host: string | undefined;
  /** The `#<` of a prefixed line, to compare with `#>`. */
  openMark = '';
  /** The count of a separator, if it belongs to the frames that follow. */
  countAhead: number | undefined;
  /** Whether separators come before the frames that they count; known from the first one on. */
  countsLead: boolean | undefined;
  /** A message in an open frame. It is the name of the thread if the frame ends with the next line. */
  held: HeldLine | undefined;
  /**
   * The most frames that the sampler prints of a stack, according to the header; a stack with that many was cut.
   */
  maxBacktrace: number = Infinity;
  /** Records are framed, so a record without a frame around it is damaged. */
  framed = false;
  /** Records since the header. */
  records = 0;
  /** Their weight. */
  weight = 0;
  #header = false;
  #trailer = false;
  #unit: string | undefined;

  readonly #hostFrames: boolean;

  /** @param prefix the number of its host in a trace of several */
  constructor(budget: LineBudget, hostFrames: boolean, prefix?: string) {
    this.record = new OpenRecord(budget);
    this.#hostFrames = hostFrames;
    this.host = hostFrames && prefix !== undefined ? `host ${prefix}` : undefined;
  }

  /** Whether records are not framed, have no host, and nothing has been read of the current one. */
  get plain(): boolean {
    return !this.framed && this.host === undefined && this.record.empty;
  }

  /** Notes what the trace says about itself; a header begins a new trace. */
  comment(comment: TraceComment, offset: number, summary: SummaryBuilder): void {
    if (comment.kind === 'header') {
      this.settle(summary);
      this.#header = true;
      this.framed = comment.fields.get('mode') === 'stream';
      this.#unit = comment.fields.get('unit');
      this.maxBacktrace = numberField(comment, 'maxbacktrace') ?? Infinity;
      const host = comment.fields.get('host');
      if (this.#hostFrames && host !== undefined) this.host = host;
      return;
    }
    this.#trailer = true;
    if (comment.kind === 'error') summary.errors++;
    const hits = numberField(comment, 'hits');
    if (hits === undefined) return;
    if (!this.framed) {
      // If the kernel counts, only the first stacks are printed. If stacks have another unit, their sum is given as
      // well.
      const total = numberField(comment, 'sum') ?? (this.#unit === 'samples' ? hits : 0);
      if (comment.kind === 'end') summary.beyondLimit += Math.max(0, total - this.weight);
      // Each sample was first counted as a hit: further ones come from a module whose path has line ends.
      if (this.#unit === 'samples' && this.weight > hits) summary.addRepeated(1, offset);
      return;
    }
    summary.lost += Math.max(0, hits - this.records);
    // More records than hits: some came twice. They can no longer be told apart, so they are only counted.
    summary.addRepeated(this.records - hits, offset);
  }

  /** Notes at the end of a trace whether it had its trailer, and forgets that trailer for the next trace. */
  settle(summary: SummaryBuilder): void {
    if ((this.#header || this.framed) && !this.#trailer) summary.trailerMissing = true;
    this.#header = false;
    this.#trailer = false;
    this.records = 0;
    this.weight = 0;
    this.#unit = undefined;
    this.framed = false;
    this.maxBacktrace = Infinity;
  }
}
