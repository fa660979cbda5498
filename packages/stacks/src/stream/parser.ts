import type { StackBatch } from '../batch.ts';
import { SourceReader, type ByteSources, type ReaderCore } from './source.ts';
import { StageStream, WAITING_BATCHES } from './stage.ts';

/** A parser's synchronous core, which turns bytes into batches of stacks, and counts what was read and lost. */
export interface ParserCore<Summary> extends ReaderCore<StackBatch> {
  summary(): Summary;
}

/** A Transform that reads one input's bytes and writes {@link StackBatch}es. */
export class ParserStream<Summary> extends StageStream<Uint8Array, StackBatch> {
  #core: Pick<ParserCore<Summary>, 'summary'>;

  constructor(core: ParserCore<Summary>) {
    const stage = {
      push: (chunk: Uint8Array) => feed(core, chunk),
      take: () => core.take(),
      finish: () => (core.endInput(), core.take()),
    };
    super(stage, { decodeStrings: true, readableObjectMode: true, readableHighWaterMark: WAITING_BATCHES });
    this.#core = core;
    // The core's tables may take 30 MB, which the next stages need: at the end, keep only the summary.
    this.once('end', () => (this.#core = ended(core.summary())));
  }

  /** A summary of what has been read so far. It is complete after the `end` event. */
  get summary(): Summary {
    return this.#core.summary();
  }
}

/** Passes a chunk of input to a core. Chunks may end anywhere. */
export function feed(core: Pick<ReaderCore<unknown>, 'space' | 'advance'>, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length;) {
    const space = core.space();
    const length = Math.min(space.length, chunk.length - at);
    space.set(chunk.subarray(at, at + length));
    core.advance(length);
    at += length;
  }
}

/** A Readable that reads several inputs directly into the parser's memory and returns {@link StackBatch}es. */
export class ParserReader<Summary> extends SourceReader<StackBatch> {
  #core: Pick<ParserCore<Summary>, 'summary'>;

  constructor(core: ParserCore<Summary>, sources: ByteSources) {
    super(core, sources);
    this.#core = core;
    this.once('end', () => (this.#core = ended(core.summary())));
  }

  /** A summary of what has been read so far. It is complete after the `end` event. */
  get summary(): Summary {
    return this.#core.summary();
  }
}

function ended<Summary>(summary: Summary): Pick<ParserCore<Summary>, 'summary'> {
  return { summary: () => summary };
}
