import { StageStream, WAITING_BATCHES, WAITING_BYTES } from '@stapflame/stacks/stream';
import type { RendererOptions } from './options.ts';
import { FlameGraphRenderer, type RendererInput, type RendererSummary } from './renderer.ts';

/**
 * A Transform that turns stacks or folded text into SVG. The output starts when the input has ended, and is produced
 * only as fast as it is read.
 */
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

  /** Counts and facts about the input so far. They are final when the stream has ended. */
  get summary(): RendererSummary {
    return this.#renderer.summary();
  }
}

/** Creates a stage that draws stacks or folded text (`root;…;leaf COUNT` lines) as SVG. Errors are `RendererError`s. */
export function createFlameGraphRenderer(options: RendererOptions = {}): FlameGraphStream {
  return new FlameGraphStream(options);
}
