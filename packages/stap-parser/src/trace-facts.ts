import { combineFacts, EXACT_MAX, SAMPLES, StacksError, type Facts, type Losses } from '@stapflame/stacks';
import { ParserError } from './errors.ts';
import { numberField, type TraceComment } from './grammar/comment.ts';
import type { ParserSummary } from './summary.ts';

/** Facts about the stacks in all traces read so far, as stated in the traces' headers. */
export class TraceFacts {
  /** The facts that all traces so far have in common; `undefined` before the first trace. */
  #common: Facts | undefined;
  /** Whether the current input has a header. */
  #headed = false;
  /** Number of records before this input. */
  #recordsBefore = 0;

  /** Begins a trace with this header at this byte offset. `records` is the number of records in all earlier traces. */
  begin(header: TraceComment, offset: number, records: number): void {
    this.#endHeaderless(offset, records);
    this.#headed = true;
    this.#add(factsOf(header), offset);
  }

  /** Ends the input. `records` is the number of records in all traces so far. */
  endInput(offset: number, records: number): void {
    this.#endHeaderless(offset, records);
    this.#headed = false;
    this.#recordsBefore = records;
  }

  /** Ends a trace without a header. Only one fact is known about it: its unit is samples. */
  #endHeaderless(offset: number, records: number): void {
    if (!this.#headed && records > this.#recordsBefore) this.#add({}, offset);
  }

  #add(facts: Facts, offset: number): void {
    try {
      this.#common = this.#common === undefined ? facts : combineFacts(this.#common, facts);
    } catch (error) {
      /* v8 ignore if -- @preserve: any other error would be a bug in this package */
      if (!(error instanceof StacksError)) throw error;
      throw new ParserError('MIXED_UNITS', error.message, offset);
    }
  }

  /** Returns the facts in the headers, together with the facts in the summary. */
  with(summary: ParserSummary): Facts {
    return factsOfTrace(this.#common, summary);
  }
}

/** Returns the facts that the traces have in common, together with the facts in the summary. */
export function factsOfTrace(common: Facts | undefined, summary: ParserSummary): Facts {
  const losses = lossesOf(summary);
  return {
    ...common,
    ...(losses && { losses }),
    ...(summary.beyondLimit > 0 && { beyondLimit: summary.beyondLimit }),
    ...(summary.weight > EXACT_MAX && { inexact: true }),
  };
}

function factsOf(header: TraceComment): Facts {
  const [unit, host, kernel] = ['unit', 'host', 'kernel'].map((name) => header.fields.get(name) || undefined);
  const [hz, start, duration] = ['hz', 'start', 'duration'].map((name) => numberField(header, name));
  return {
    ...(unit !== undefined && unit !== SAMPLES && { unit }),
    ...(hz !== undefined && hz > 0 && { period: Math.round(1e9 / hz) }),
    ...(start !== undefined && { start }),
    ...(duration !== undefined && { duration }),
    ...(header.fields.get('mode') === 'stream' && { order: 'time' as const }),
    ...(host !== undefined && { host }),
    ...(kernel !== undefined && { kernel }),
  };
}

/** Returns the losses, or `undefined` if the traces are complete. Cut stacks do not make a trace incomplete. */
function lossesOf(summary: ParserSummary): Losses | undefined {
  if (summary.complete) return undefined;
  const { damaged, lost, cut, errors } = summary;
  // a trace without a trailer was truncated, even if it does not end within a record
  const truncated = Math.max(summary.truncated, summary.trailerMissing ? 1 : 0);
  const counts = Object.entries({ damaged, truncated, lost, cut, errors });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
