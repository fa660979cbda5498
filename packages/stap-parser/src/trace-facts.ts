import { combineFacts, EXACT_MAX, SAMPLES, StacksError, type Facts, type Losses } from '@stapflame/stacks';
import { ParserError } from './errors.ts';
import { numberField, type TraceComment } from './grammar/comment.ts';
import type { ParserSummary } from './summary.ts';

/** What is known of the stacks of all traces so far, from their headers. */
export class TraceFacts {
  /** What all traces so far have in common; absent before the first one. */
  #common: Facts | undefined;
  /** The input has a header. */
  #headed = false;
  /** Records before this input. */
  #recordsBefore = 0;

  /** A trace begins with this header at this byte offset; `records` counts the records of all traces before it. */
  begin(header: TraceComment, offset: number, records: number): void {
    this.#endHeaderless(offset, records);
    this.#headed = true;
    this.#add(factsOf(header), offset);
  }

  /** Ends the input; `records` counts the records of all traces so far. */
  endInput(offset: number, records: number): void {
    this.#endHeaderless(offset, records);
    this.#headed = false;
    this.#recordsBefore = records;
  }

  /** A trace without a header is only known to count samples. */
  #endHeaderless(offset: number, records: number): void {
    if (!this.#headed && records > this.#recordsBefore) this.#add({}, offset);
  }

  #add(facts: Facts, offset: number): void {
    try {
      this.#common = this.#common === undefined ? facts : combineFacts(this.#common, facts);
    } catch (error) {
      if (error instanceof StacksError) throw new ParserError('MIXED_UNITS', error.message, offset);
      throw error;
    }
  }

  /** The facts, including those that the summary knows. */
  with(summary: ParserSummary): Facts {
    return factsOfTrace(this.#common, summary);
  }
}

/** What traces have in common, with what the summary knows of. */
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

/** What was lost; empty if the traces are complete, even if stacks were cut at the sampler's limit. */
function lossesOf(summary: ParserSummary): Losses | undefined {
  if (summary.complete) return undefined;
  const { damaged, lost, cut, errors } = summary;
  // a trace without its trailer ended too early, wherever that becomes clear
  const truncated = Math.max(summary.truncated, summary.trailerMissing ? 1 : 0);
  const counts = Object.entries({ damaged, truncated, lost, cut, errors });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
