import { StageStream, WAITING_BATCHES, WAITING_BYTES } from '@stapflame/stacks/stream';
import type { RendererOptions } from './options.ts';
import { FlameGraphRenderer, type RendererInput, type RendererSummary } from './renderer.ts';

/** A Transform from stacks or folded text to SVG. All output comes at the end, at the reader's pace. */
export class FlameGraphStream extends StageStream<RendererInput, string> {
  readonly #renderer: FlameGraphRenderer;

  constructor(options: RendererOptions = {}) {
    const renderer = new FlameGraphRenderer(options);
    super(renderer, {
      writableObjectMode: true,
      writableHighWaterMark: WAITING_BATCHES,
      readableHighWaterMark: WAITING_BYTES,
    });
    this.#renderer = renderer;
  }

  /** Figures about the input read up to now; final after the stream ends. */
  get summary(): RendererSummary {
    return this.#renderer.summary();
  }
}

/** A stage that draws stacks, or folded text (`root;…;leaf COUNT` lines), as SVG. Fails with `RendererError`. */
export function createFlameGraphRenderer(options: RendererOptions = {}): FlameGraphStream {
  return new FlameGraphStream(options);
}
