import { Transform, type Duplex } from 'node:stream';
import { batchOf, createMerger, type FolderSummary } from '@stapflame/folder';
import { createFlameGraphRenderer, type RendererSummary } from '@stapflame/svg-renderer';
import pumpify from 'pumpify';
import type { Drawn } from '../summary.ts';
import { keepPalette, rendererOptions, type PictureFlags } from './picture-options.ts';
import { folderOptions, type FoldFlags } from './trace-options.ts';

/** The stages from stacks to a picture. */
export interface Picture {
  /** Takes batches of stacks, gives SVG. */
  readonly stages: Duplex;
  /** What was merged; final when the stages have ended. */
  summary(): FolderSummary;
  /** What was drawn, likewise. */
  drawn(): Drawn;
  /** Writes the palette map, where one is asked for. */
  keepPalette(): Promise<void>;
}

/**
 * Through the folder, so that stacks may come in any order and number; for a flame chart, which keeps their
 * order, straight to the renderer. `comment` tells at the end what was lost.
 */
export function openPicture(flags: PictureFlags & FoldFlags, comment: () => string | undefined): Picture {
  const options = rendererOptions(flags);
  if (options.flamechart === true) {
    const renderer = createFlameGraphRenderer(options);
    return {
      stages: new pumpify.obj(commentLast(comment), renderer),
      summary: () => asItCame(renderer.summary),
      drawn: () => drawnOf(renderer.summary),
      keepPalette: () => keepPalette(flags, renderer.summary.paletteMap),
    };
  }
  const { base } = options;
  const reverse = options.reverse === true;
  const folder = createMerger({
    ...folderOptions(flags),
    ...(base !== undefined && { base }),
    reverse,
    comment,
  });
  const renderer = createFlameGraphRenderer({
    ...options,
    ...(reverse && { reverse: 'done' }),
    sorted: base === undefined ? true : 'from base',
  });
  return {
    stages: new pumpify.obj(folder, renderer),
    summary: () => folder.summary,
    drawn: () => drawnOf(renderer.summary),
    keepPalette: () => keepPalette(flags, renderer.summary.paletteMap),
  };
}

/** Passes batches on, and the comment behind them. */
function commentLast(comment: () => string | undefined): Transform {
  return new Transform({
    objectMode: true,
    highWaterMark: 2,
    transform(batch, _encoding, done) {
      done(null, batch);
    },
    flush(done) {
      done(null, { ...batchOf([]), comment: comment() });
    },
  });
}

/** What a summary says of a picture. */
export function drawnOf({ boxes, droppedWeight, deeperWeight }: RendererSummary): Drawn {
  return { boxes, droppedWeight, deeperWeight };
}

/** What a renderer drew without a folder. */
export function asItCame({ stacks, distinct, weight }: RendererSummary): FolderSummary {
  return { stacks, weights: [weight], distinct, spilledRuns: 0 };
}
