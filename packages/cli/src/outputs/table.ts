import type { FoldedWriterOptions } from '@stapflame/stacks';
import type { PictureFlags } from '../commands/picture-options.ts';
import { CliError, Exit } from '../exit.ts';
import type { OutputKind } from './output.ts';

/** One JSON object a stack. */
export const JSON_LINES: OutputKind = {
  name: 'json',
  extensions: ['.jsonl'],
  open: async () => (await import('./json-lines.ts')).openJsonLines(),
};

/** Folded stacks. */
export const FOLDED: OutputKind<FoldedWriterOptions> = {
  name: 'folded',
  extensions: ['.folded', '.collapsed'],
  open: async (flags) => (await import('./folded.ts')).openFolded({ plain: flags.plain ?? false }),
};

/** A flame graph. */
export const SVG: OutputKind<PictureFlags> = {
  name: 'svg',
  extensions: ['.svg'],
  notForTerminal: 'a terminal shows no pictures: add -o flame.svg, or redirect the output',
  open: async (flags) => (await import('./picture.ts')).openPicture(flags, 'svg'),
};

/** The same in a page, which a phone opens at its width. */
export const HTML: OutputKind<PictureFlags> = {
  ...SVG,
  name: 'html',
  extensions: ['.html', '.htm'],
  open: async (flags) => (await import('./picture.ts')).openPicture(flags, 'html'),
};

/** Flags of all outputs of merged stacks. */
export type OutputFlags = PictureFlags & FoldedWriterOptions & { readonly outputFormat?: string };

/** What merged stacks can be written as. */
export const OUTPUTS: readonly OutputKind<OutputFlags>[] = [FOLDED, SVG, HTML];

/** The output that the flags ask for by its name or by the end of the file's name; else the usual one. */
export function outputFor(
  flags: OutputFlags & { readonly output?: string },
  usual: OutputKind<OutputFlags>,
): OutputKind<OutputFlags> {
  const { output, outputFormat } = flags;
  const kind =
    outputFormat === undefined
      ? OUTPUTS.find(({ extensions }) => extensions.some((end) => output?.endsWith(end)))
      : OUTPUTS.find(({ name }) => name === outputFormat);
  const { notForTerminal } = kind ?? usual;
  if (output === undefined && notForTerminal !== undefined && process.stdout.isTTY)
    throw new CliError(Exit.USAGE, notForTerminal);
  return kind ?? usual;
}
