import { pipeline } from 'node:stream/promises';
import { createFlameGraphRenderer } from '@stapflame/svg-renderer';
import { keepPalette, drawingOptions, type PictureFlags } from '../commands/picture-options.ts';
import type { StackOutput } from './output.ts';

/** A picture: an SVG file, or a page around it. */
export function openPicture(flags: PictureFlags, container: 'svg' | 'html'): StackOutput {
  const renderer = createFlameGraphRenderer({ ...drawingOptions(flags), container });
  return {
    write: (batches, file) => pipeline(batches, renderer, file.stream()),
    told: () => {
      const { boxes, droppedWeight, levelsCut, isLimited } = renderer.summary;
      return { drawn: { boxes, droppedWeight, levelsCut, isLimited } };
    },
    afterwards: () => keepPalette(flags, renderer.summary.paletteMap),
  };
}
