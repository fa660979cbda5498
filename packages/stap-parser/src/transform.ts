import { Transform, type TransformCallback } from 'node:stream';
import type { Sample, StackBatch } from './batch.ts';
import type { ParserOptions } from './options.ts';
import { TraceParser } from './parser.ts';
import type { ParserSummary } from './summary.ts';

/** A Transform from the bytes of a trace to {@link StackBatch}es. */
export class TraceParserStream extends Transform {
  readonly #parser: TraceParser;

  constructor(options: ParserOptions = {}) {
    // One batch a chunk: a reader that falls behind holds back the source after two of them.
    super({ decodeStrings: true, readableObjectMode: true, readableHighWaterMark: 2 });
    this.#parser = new TraceParser(options);
  }

  /** What was read so far; final after `end`. */
  get summary(): ParserSummary {
    return this.#parser.summary();
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#run(() => this.#parser.push(chunk), done);
  }

  override _flush(done: TransformCallback): void {
    this.#run(() => this.#parser.endInput(), done);
  }

  #run(step: () => void, done: TransformCallback): void {
    let failure: Error | null = null;
    try {
      step();
    } catch (error) {
      failure = error as Error;
    }
    for (const batch of this.#parser.take()) this.push(batch);
    done(failure);
  }
}

/**
 * A stage that reads the text of one trace and gives its stacks. Fails with `ParserError` only;
 * damage in the trace is no failure but counted in `summary`.
 */
export function createParser(options: ParserOptions = {}): TraceParserStream {
  return new TraceParserStream(options);
}

/** The stacks of a batch stream as plain samples, for `for await`. */
export async function* samples(batches: AsyncIterable<StackBatch>): AsyncGenerator<Sample> {
  for await (const batch of batches) yield* batch;
}
