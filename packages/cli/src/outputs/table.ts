import type { FoldedWriterOptions } from '@stapflame/stacks';
import type { PictureFlags } from '../commands/picture-options.ts';
import type { OutputKind } from './output.ts';

/** One JSON object a stack. */
export const JSON_LINES: OutputKind = {
  name: 'json',
  extension: '.jsonl',
  open: async () => (await import('./json-lines.ts')).openJsonLines(),
};

/** Folded stacks. */
export const FOLDED: OutputKind<FoldedWriterOptions> = {
  name: 'folded',
  extension: '.folded',
  open: async (flags) => (await import('./folded.ts')).openFolded({ plain: flags.plain ?? false }),
};

/** A flame graph. */
export const SVG: OutputKind<PictureFlags> = {
  name: 'svg',
  extension: '.svg',
  open: async (flags) => (await import('./svg.ts')).openSvg(flags),
};
