import type { FoldedWriterOptions } from '@stapflame/stacks';
import type { PictureFlags } from '../commands/picture-options.ts';
import type { FoldFlags } from '../commands/trace-options.ts';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
import type { StackOutput } from '../outputs/output.ts';
import { openFolded } from '../outputs/folded.ts';
import type { PictureFacts } from './picture.ts';
import { scaledBefore, type Scale } from './scale.ts';
import type { TableOptions } from './table.ts';

export type DiffOutputFlags = PictureFlags &
  FoldFlags &
  FoldedWriterOptions & {
    readonly all?: boolean;
    readonly json?: boolean;
    readonly output?: string;
    readonly outputFormat?: string;
  };

/** Results that outputs can use once all stacks have been read. */
export interface DiffKnown {
  facts(): PictureFacts;
  scale(): Scale;
}

/** An output format for comparisons. */
export interface DiffOutput {
  /** The format's name, as given to `--output-format`. */
  readonly name: string;
  /** The format's file extensions, the most common one first. */
  readonly extensions: readonly string[];
  open(flags: DiffOutputFlags, known: DiffKnown): Promise<StackOutput>;
}

const TABLE: DiffOutput = {
  name: 'table',
  extensions: ['.txt'],
  open: async (flags, known) => {
    const { tableLines } = await import('./table.ts');
    return {
      async write(batches, file) {
        for await (const batch of batches) batch.release();
        const { comparison, ...facts } = known.facts();
        const options: TableOptions = { ...facts, all: flags.all === true };
        for (const line of tableLines(comparison, options)) await file.write(Buffer.from(`${line}\n`));
      },
    };
  },
};

/** The comparison of all functions as JSON, for programs to read. */
const JSON_TABLE: DiffOutput = {
  name: 'json',
  extensions: ['.json'],
  open: async (_, known) => ({
    async write(batches, file) {
      for await (const batch of batches) batch.release();
      const { comparison, unit, significance } = known.facts();
      const { before, after, tests, untested, rows } = comparison;
      const functions = rows.map(({ label, self, total }) => ({ name: label, self, total }));
      const table = { unit, before, after, significance, tests, untested, functions };
      await file.write(Buffer.from(`${JSON.stringify(table, null, 2)}\n`));
    },
  }),
};

const FOLDED: DiffOutput = {
  name: 'folded',
  extensions: ['.folded', '.collapsed'],
  open: async ({ plain = false }, known) => {
    const output = openFolded({ plain });
    return { write: (batches, file) => output.write(scaledBefore(batches, known.scale), file) };
  },
};

const SVG: DiffOutput = {
  name: 'svg',
  extensions: ['.svg'],
  open: async (flags, known) => (await import('./picture.ts')).openDiffPicture(flags, known.facts, 'svg'),
};

const HTML: DiffOutput = {
  name: 'html',
  extensions: ['.html', '.htm'],
  open: async (flags, known) => (await import('./picture.ts')).openDiffPicture(flags, known.facts, 'html'),
};

export const DIFF_OUTPUTS: readonly DiffOutput[] = [TABLE, JSON_TABLE, FOLDED, SVG, HTML];

/** Extensions of known formats that a comparison cannot write. */
const NOT_WRITTEN = [
  '.png',
  '.pdf',
  '.gz',
  '.zst',
  '.svgz',
  '.ndjson',
  '.tsv',
  '.csv',
  '.pprof',
  '.pb',
  '.md',
];

/**
 * Chooses the output format by name or by file extension. Files with other extensions are pictures, and standard
 * output gets the table.
 */
export function diffOutputFor({ output, outputFormat, json }: DiffOutputFlags): DiffOutput {
  if (json === true) return JSON_TABLE;
  if (outputFormat !== undefined) return DIFF_OUTPUTS.find(({ name }) => name === outputFormat)!;
  if (output === undefined) return TABLE;
  const kind = DIFF_OUTPUTS.find(({ extensions }) => extensions.some((end) => output.endsWith(end)));
  const ending = kind ? undefined : NOT_WRITTEN.find((end) => output.endsWith(end));
  if (ending !== undefined)
    throw new CliError(
      Exit.USAGE,
      `-o ${forTerminal(output)}: diff does not write ${ending} files; it writes ${DIFF_OUTPUTS.flatMap(({ extensions }) => extensions).join(', ')}`,
    );
  return kind ?? SVG;
}
