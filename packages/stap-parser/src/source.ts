import { numberField, type TraceComment } from './grammar/comment.ts';
import { OpenRecord, type LineBudget } from './record.ts';
import type { SummaryBuilder } from './summary.ts';

/** A line and its offset in the input. */
export interface HeldLine {
  readonly text: string;
  readonly offset: number;
}

/**
 * One source of the trace's lines: the input as a whole or, with `stap --remote-prefix`, one of its hosts. A source
 * holds the open record, and what the header says about the trace.
 */
export class Source {
  readonly record: OpenRecord;
  /** The root frame to add to all of this source's stacks. */
  host: string | undefined;
  /** The numbers in the last `#<` that had a prefix, kept for comparison with the `#>`. */
  openMark = '';
  /** The last separator's count, if separators come before the frames that they count. */
  countAhead: number | undefined;
  /** Whether separators come before the frames that they count. `undefined` before the first separator. */
  countsLead: boolean | undefined;
  /** A line between `#<` and `#>` that looks like a message. It is the thread's name if the next line is the `#>`. */
  held: HeldLine | undefined;
  /**
   * Maximum number of frames that the sampler prints for a stack, according to the header. A stack with this many
   * frames was cut.
   */
  maxBacktrace: number = Infinity;
  /** Whether records are framed. If so, a record without `#<` and `#>` is damaged. */
  framed = false;
  /** Number of records since the header. */
  records = 0;
  /** Weight of the records since the header. */
  weight = 0;
  #header = false;
  #trailer = false;
  #unit: string | undefined;

  readonly #hostFrames: boolean;

  /** @param prefix the host's number in a trace from several hosts */
  constructor(budget: LineBudget, hostFrames: boolean, prefix?: string) {
    this.record = new OpenRecord(budget);
    this.#hostFrames = hostFrames;
    this.host = hostFrames && prefix !== undefined ? `host ${prefix}` : undefined;
  }

  /** Whether records are unframed and have no host, and the current record is empty. */
  get plain(): boolean {
    return !this.framed && this.host === undefined && this.record.empty;
  }

  /** Reads a header or a trailer. A header begins a new trace. */
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
      // If stacks are counted in the kernel, only the stacks with the largest weights are printed. If the unit is not
      // samples, the trailer also contains the sum of all weights.
      const total = numberField(comment, 'sum') ?? (this.#unit === 'samples' ? hits : 0);
      if (comment.kind === 'end') summary.beyondLimit += Math.max(0, total - this.weight);
      // Each sample was counted as a hit. Any samples beyond the number of hits come from a module whose path
      // contains line feeds.
      if (this.#unit === 'samples' && this.weight > hits) summary.addRepeated(1, offset);
      return;
    }
    summary.lost += Math.max(0, hits - this.records);
    // If there are more records than hits, some arrived twice. The copies can no longer be found, so only count them.
    summary.addRepeated(this.records - hits, offset);
  }

  /** Ends a trace: notes whether its trailer is missing, and resets this source for the next trace. */
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
