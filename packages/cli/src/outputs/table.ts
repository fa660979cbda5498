import type { FoldedWriterOptions } from '@stapflame/stacks';
import type { PictureFlags } from '../commands/picture-options.ts';
import type { PeekFlags, TopFlags, TreeFlags } from '../commands/table-options.ts';
import type { FoldFlags } from '../commands/trace-options.ts';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import type { OutputKind } from './output.ts';

/** A JSON object for each stack, with all frames. */
export const JSON_LINES: OutputKind = {
  name: 'json',
  extensions: ['.jsonl'],
  shows: 'addresses',
  open: async () => (await import('./json-lines.ts')).openJsonLines(),
};

/** Folded stacks. */
export const FOLDED: OutputKind<FoldedWriterOptions> = {
  name: 'folded',
  extensions: ['.folded', '.collapsed'],
  open: async (flags) => (await import('./folded.ts')).openFolded({ plain: flags.plain ?? false }),
};

/** A table with the columns stack, count and host, for databases. */
const TSV: OutputKind = {
  name: 'tsv',
  extensions: ['.tsv'],
  open: async () => {
    const { openRows, tsvRow } = await import('./table-rows.ts');
    return openRows(tsvRow, 'stack\tcount\thost\n');
  },
};

/** A JSON object for each stack, with the fields stack, count and host. */
const NDJSON: OutputKind = {
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
  notForTerminal: 'a terminal cannot show pictures; add -o flame.svg, or redirect the output',
  shows: 'common',
  open: async (flags) => (await import('./picture.ts')).openPicture(flags, 'svg'),
};

/** A flame graph in an HTML page, which a phone shows at the width of its screen. */
const HTML: OutputKind<PictureFlags> = {
  ...SVG,
  name: 'html',
  extensions: ['.html', '.htm'],
  open: async (flags) => (await import('./picture.ts')).openPicture(flags, 'html'),
};

/** A table of the functions with the largest weights. */
export const TOP: OutputKind<TopFlags> = {
  name: 'top',
  extensions: ['.txt', '.md', '.json'],
  open: async (flags) => (await import('./tables.ts')).openTop(flags),
};

/** A table of functions with their callers and callees. */
export const PEEK: OutputKind<PeekFlags> = {
  ...TOP,
  name: 'peek',
  open: async (flags) => (await import('./tables.ts')).openPeek(flags),
};

/** Merged stacks as a tree of text. */
export const TREE: OutputKind<TreeFlags> = {
  ...TOP,
  name: 'tree',
  open: async (flags) => (await import('./tables.ts')).openTree(flags),
};

/** A profile for `go tool pprof`. */
const PPROF: OutputKind = {
  name: 'pprof',
  extensions: ['.pb.gz', '.pprof.gz', '.pprof'],
  notForTerminal: 'a terminal cannot show profiles; add -o profile.pb.gz, or redirect the output',
  shows: 'addresses',
  open: async () => (await import('./pprof.ts')).openPprof(),
};

/** A profile for speedscope. */
const SPEEDSCOPE: OutputKind<FoldFlags> = {
  name: 'speedscope',
  extensions: ['.speedscope.json'],
  shows: 'fields',
  open: async (flags) => (await import('./speedscope.ts')).openSpeedscope(flags),
};

/** A profile for the Firefox Profiler. */
const FIREFOX: OutputKind<FoldFlags> = {
  name: 'firefox',
  extensions: ['.profile.json', '.firefox.json'],
  shows: 'fields',
  open: async (flags) => (await import('./firefox.ts')).openFirefox(flags),
};

/** The flags of all output formats for merged stacks. */
export type OutputFlags = PictureFlags & FoldedWriterOptions & FoldFlags & { readonly outputFormat?: string };

/** All output formats for merged stacks. */
export const OUTPUTS: readonly OutputKind<OutputFlags>[] = [
  FOLDED,
  SVG,
  HTML,
  PPROF,
  SPEEDSCOPE,
  FIREFOX,
  TSV,
  NDJSON,
];

/** Extensions of files that we do not write, with advice on what to do instead. */
const NOT_WRITTEN: Readonly<Record<string, string>> = {
  '.png': 'write an SVG file and open it; the View menu in the picture saves it as PNG',
  '.pdf': 'write an SVG file and print it from a browser',
  '.svgz': 'leave out -o and pipe the output: | gzip > FILE',
  '.pb': 'name the file .pb.gz, which pprof reads',
  '.csv': 'name the file .tsv',
  '.json':
    'name the file .speedscope.json, .profile.json (for the Firefox Profiler) or .ndjson, or list the functions with stapflame top --json',
  '.gz': 'leave out -o and pipe the output: | gzip > FILE',
  '.zst': 'leave out -o and pipe the output: | zstd > FILE',
};

/** Returns the output format that the flags request by name or by file extension, or else the default. */
export function outputFor(
  flags: OutputFlags & { readonly output?: string },
  usual: OutputKind<OutputFlags>,
): OutputKind<OutputFlags> {
  const { output, outputFormat } = flags;
  const kind =
    outputFormat === undefined
      ? OUTPUTS.find(({ extensions }) => extensions.some((end) => output?.endsWith(end)))
      : OUTPUTS.find(({ name }) => name === outputFormat);
  const ending = kind ? undefined : Object.keys(NOT_WRITTEN).find((end) => output?.endsWith(end));
  if (ending !== undefined)
    throw new CliError(
      Exit.USAGE,
      `-o ${forTerminal(output!)}: stapflame does not write ${ending} files; ${NOT_WRITTEN[ending]}`,
    );
  const { notForTerminal } = kind ?? usual;
  if (output === undefined && notForTerminal !== undefined && process.stdout.isTTY)
    throw new CliError(Exit.USAGE, notForTerminal);
  return kind ?? usual;
}
