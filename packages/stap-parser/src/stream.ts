import type { Sample, StackBatch } from '@stapflame/stacks';
import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { ParserOptions } from './options.ts';
import { TraceParser } from './parser.ts';
import type { ParserSummary } from './summary.ts';

/** A Transform that reads a trace's bytes and writes {@link StackBatch}es. */
export type TraceParserStream = ParserStream<ParserSummary>;

/** A Readable that reads several traces, one after another, and returns {@link StackBatch}es. */
export type TraceReader = ParserReader<ParserSummary>;

/**
 * Creates a stage that reads a trace and writes its stacks. All errors are `ParserError`s. Damage in the trace is
 * counted in `summary`.
 */
export function createParser(options: ParserOptions = {}): TraceParserStream {
  return new ParserStream(new TraceParser(options));
}

/** Creates a Readable that reads traces one after another. Errors are `ParserError`s, or errors of a source. */
export function readTraces(sources: ByteSources, options: ParserOptions = {}): TraceReader {
  return new ParserReader(new TraceParser(options), sources);
}

/** Iterates over the stacks in a stream of batches. Use it with `for await`. */
export async function* samples(batches: AsyncIterable<StackBatch>): AsyncGenerator<Sample> {
  for await (const batch of batches) yield* batch;
}
