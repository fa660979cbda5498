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

/** A table of stack, count and host, for databases. */
export const TSV: OutputKind = {
  name: 'tsv',
  extensions: ['.tsv'],
  open: async () => {
    const { openRows, tsvRow } = await import('./table-rows.ts');
    return openRows(tsvRow, 'stack\tcount\thost\n');
  },
};

/** The same as JSON objects, one a line. */
export const NDJSON: OutputKind = {
  name: 'ndjson',
  extensions: ['.ndjson'],
  open: async () => {
    const { ndjsonRow, openRows } = await import('./table-rows.ts');
    return openRows(ndjsonRow, '');
  },
};

/** A flame graph. */
export const SVG: OutputKind<PictureFlags> = {
  name: 'svg',
  extensions: ['.svg'],
  notForTerminal: 'a terminal shows no pictures: add -o flame.svg, or redirect the output',
  open: async (flags) => (await import('./svg.ts')).openSvg(flags),
};

/** Flags of all outputs of merged stacks. */
export type OutputFlags = PictureFlags & FoldedWriterOptions & { readonly outputFormat?: string };

/** What merged stacks can be written as. */
export const OUTPUTS: readonly OutputKind<OutputFlags>[] = [FOLDED, SVG, TSV, NDJSON];

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
