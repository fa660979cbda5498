import type { Sample, StackBatch } from '@stapflame/stacks';
import { SourceReader, StageStream, WAITING_BATCHES, type ByteSources } from '@stapflame/stacks/stream';
import type { ParserOptions } from './options.ts';
import { TraceParser } from './parser.ts';
import type { ParserSummary } from './summary.ts';

/** A Transform from a trace's bytes to {@link StackBatch}es. */
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

  /** A summary of what has been read so far; complete after `end`. */
  get summary(): ParserSummary {
    return this.#parser.summary();
  }
}

/**
 * Creates a stage that reads the text of one trace and emits its stacks. It fails only with `ParserError`; damage in
 * the trace is counted in `summary`.
 */
export function createParser(options: ParserOptions = {}): TraceParserStream {
  return new TraceParserStream(options);
}

/** A Readable of {@link StackBatch}es from several traces, one after another. */
export class TraceReader extends SourceReader<StackBatch> {
  readonly #parser: TraceParser;

  constructor(sources: ByteSources, parser: TraceParser) {
    super(parser, sources);
    this.#parser = parser;
  }

  /** A summary of what has been read so far; complete after `end`. */
  get summary(): ParserSummary {
    return this.#parser.summary();
  }
}

/** Reads traces one after another. It fails with `ParserError`, or with an error from a source. */
export function readTraces(sources: ByteSources, options: ParserOptions = {}): TraceReader {
  return new TraceReader(sources, new TraceParser(options));
}

/** The stacks in a stream of batches as plain samples, for `for await`. */
export async function* samples(batches: AsyncIterable<StackBatch>): AsyncGenerator<Sample> {
  for await (const batch of batches) yield* batch;
}
