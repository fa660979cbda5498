import type { Sample, StackBatch } from '@stapflame/stacks';
import { SourceReader, StageStream, WAITING_BATCHES, type ByteSources } from '@stapflame/stacks/stream';
import type { ParserOptions } from './options.ts';
import { TraceParser } from './parser.ts';
import type { ParserSummary } from './summary.ts';

/** A Transform that reads a trace's bytes and writes {@link StackBatch}es. */
export class TraceParserStream extends StageStream<Uint8Array, StackBatch> {
  readonly #parser: TraceParser;

  constructor(options: ParserOptions = {}) {
    const parser = new TraceParser(options);
    const core = {
      push: (chunk: Uint8Array) => parser.push(chunk),
      take: () => parser.take(),
      finish: () => (parser.endInput(), parser.take()),
    };
    super(core, { decodeStrings: true, readableObjectMode: true, readableHighWaterMark: WAITING_BATCHES });
    this.#parser = parser;
  }

  /** A summary of what has been read so far. It is complete after the `end` event. */
  get summary(): ParserSummary {
    return this.#parser.summary();
  }
}

/**
 * Creates a stage that reads a trace and writes its stacks. All errors are `ParserError`s. Damage in the trace is
 * counted in `summary`.
 */
export function createParser(options: ParserOptions = {}): TraceParserStream {
  return new TraceParserStream(options);
}

/** A Readable that reads several traces, one after another, and returns {@link StackBatch}es. */
export class TraceReader extends SourceReader<StackBatch> {
  readonly #parser: TraceParser;

  constructor(sources: ByteSources, parser: TraceParser) {
    super(parser, sources);
    this.#parser = parser;
  }

  /** A summary of what has been read so far. It is complete after the `end` event. */
  get summary(): ParserSummary {
    return this.#parser.summary();
  }
}

/** Creates a Readable that reads traces one after another. Errors are `ParserError`s, or errors of a source. */
export function readTraces(sources: ByteSources, options: ParserOptions = {}): TraceReader {
  return new TraceReader(sources, new TraceParser(options));
}

/** Iterates over the stacks in a stream of batches. Use it with `for await`. */
export async function* samples(batches: AsyncIterable<StackBatch>): AsyncGenerator<Sample> {
  for await (const batch of batches) yield* batch;
}
