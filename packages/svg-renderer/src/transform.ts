import { Transform, type TransformCallback } from 'node:stream';
import { CHUNK, chunksOf } from './chunks.ts';
import type { RendererOptions } from './options.ts';
import type { StackColumns } from './stack-columns.ts';
import { FlameGraphRenderer, type RendererSummary } from './renderer.ts';

/** A Transform from folded text or stacks in columns to SVG; all output comes at the end, as it is asked for. */
export class FlameGraphStream extends Transform {
  readonly #renderer: FlameGraphRenderer;
  #output: Generator<Uint8Array> | undefined;
  #done: TransformCallback | undefined;

  constructor(options: RendererOptions = {}) {
    super({ writableObjectMode: true, writableHighWaterMark: 2, readableHighWaterMark: CHUNK });
    this.#renderer = new FlameGraphRenderer(options);
  }

  /** What was read and drawn so far; final after `end`. */
  get summary(): RendererSummary {
    return this.#renderer.summary();
  }

  override _transform(
    chunk: Uint8Array | string | StackColumns,
    _encoding: BufferEncoding,
    done: TransformCallback,
  ): void {
    let failure: Error | null = null;
    try {
      this.#renderer.push(chunk);
    } catch (error) {
      failure = error as Error;
    }
    done(failure);
  }

  override _flush(done: TransformCallback): void {
    this.#output = chunksOf(this.#renderer.finish());
    this.#done = done;
    this.#pump();
  }

  override _read(size: number): void {
    if (this.#output) this.#pump();
    else super._read(size);
  }

  /** Pushes until the reader has enough; `_read` goes on from there. */
  #pump(): void {
    try {
      for (let next = this.#output!.next(); !next.done; next = this.#output!.next()) {
        if (!this.push(next.value)) return;
      }
    } catch (error) {
      this.#done!(error as Error);
      return;
    }
    this.#done!();
  }
}

/**
 * A stage that draws folded text (`root;…;leaf COUNT` lines), or stacks in columns, as SVG. Fails with
 * `RendererError`.
 */
export function createFlameGraphRenderer(options: RendererOptions = {}): FlameGraphStream {
  return new FlameGraphStream(options);
}
