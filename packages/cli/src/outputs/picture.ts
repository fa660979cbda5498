import { pipeline } from 'node:stream/promises';
import { createFlameGraphRenderer, LabelDetails } from '@stapflame/svg-renderer';
import { keepPalette, drawingOptions, type PictureFlags } from '../commands/picture-options.ts';
import type { StackOutput } from './output.ts';

/** Writes a picture as an SVG file or as an HTML page that contains the SVG. */
export function openPicture(flags: PictureFlags, container: 'svg' | 'html'): StackOutput {
  const details = new LabelDetails();
  const renderer = createFlameGraphRenderer({
    ...drawingOptions(flags),
    container,
    details: (label) => details.of(label),
  });
  return {
    watch: (batch) => details.add(batch),
    write: (batches, file) => pipeline(batches, renderer, file.stream()),
    told: () => {
      const { boxes, droppedWeight, levelsCut, isLimited } = renderer.summary;
      return { drawn: { boxes, droppedWeight, levelsCut, isLimited } };
    },
    afterwards: () => keepPalette(flags, renderer.summary.paletteMap),
  };
}
