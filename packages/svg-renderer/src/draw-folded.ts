import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { chunksOf } from './chunks.ts';
import type { RendererOptions } from './options.ts';
import { FlameGraphRenderer, type RendererSummary } from './renderer.ts';

/** Where the bytes of one folded text come from. */
export interface ByteSource {
  /** Reads the next bytes into the start of `into` and tells how many; 0 at the end. */
  read(into: Uint8Array): number | Promise<number>;
}

/** Bytes after which signals and timers get their turn, where the sources never wait. */
const TURN = 1 << 23;
const LINE_FEED = 0x0a;

/** A Readable of the picture of several folded texts, one after the other. */
export class FoldedPicture extends Readable {
  readonly #renderer: FlameGraphRenderer;
  readonly #output: AsyncGenerator<Uint8Array>;

  constructor(sources: Iterable<ByteSource> | AsyncIterable<ByteSource>, options: RendererOptions = {}) {
    super({ highWaterMark: 1 << 17 });
    this.#renderer = new FlameGraphRenderer(options);
    this.#output = draw(this.#renderer, sources);
  }

  /** What was read and drawn so far; final after `end`. */
  get summary(): RendererSummary {
    return this.#renderer.summary();
  }

  override _read(): void {
    this.#output.next().then(
      ({ done, value }) => this.push(done ? null : value),
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#output.return(undefined).then(
      () => done(error),
      (failure: Error) => done(error ?? failure),
    );
  }
}

/**
 * Draws folded texts that are read straight into the renderer's memory, which spares the copies and buffers of
 * a byte stream. Fails with `RendererError`, or with what a source throws.
 */
export function drawFolded(
  sources: Iterable<ByteSource> | AsyncIterable<ByteSource>,
  options: RendererOptions = {},
): FoldedPicture {
  return new FoldedPicture(sources, options);
}

async function* draw(
  renderer: FlameGraphRenderer,
  sources: Iterable<ByteSource> | AsyncIterable<ByteSource>,
): AsyncGenerator<Uint8Array> {
  let turn = TURN;
  for await (const source of sources) {
    let last = LINE_FEED;
    for (;;) {
      const space = renderer.space();
      const read = source.read(space);
      const length = typeof read === 'number' ? read : await read;
      if (length === 0) break;
      last = space[length - 1]!;
      renderer.advance(length);
      turn -= length;
      if (turn <= 0) {
        turn = TURN;
        await setImmediate();
      }
    }
    // a line never spans two texts
    if (last !== LINE_FEED) renderer.push('\n');
  }
  yield* chunksOf(renderer.finish());
}
