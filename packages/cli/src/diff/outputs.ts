import type { FoldedWriterOptions } from '@stapflame/stacks';
import type { PictureFlags } from '../commands/picture-options.ts';
import type { FoldFlags } from '../commands/trace-options.ts';
import type { StackOutput } from '../outputs/output.ts';
import { openFolded } from '../outputs/folded.ts';
import type { PictureFacts } from './picture.ts';
import { scaledBefore, type Scale } from './scale.ts';
import type { TableOptions } from './table.ts';

export type DiffOutputFlags = PictureFlags &
  FoldFlags &
  FoldedWriterOptions & { readonly all?: boolean; readonly output?: string; readonly outputFormat?: string };

/** Results that outputs can use once all stacks have been read. */
export interface DiffKnown {
  facts(): PictureFacts;
  scale(): Scale;
}

/** An output format for comparisons. */
export interface DiffOutput {
  /** The name for `--output-format`. */
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

export const DIFF_OUTPUTS: readonly DiffOutput[] = [TABLE, FOLDED, SVG, HTML];

/**
 * Chooses the output format by name or by file extension. Files with other extensions are pictures, and standard
 * output gets the table.
 */
export function diffOutputFor({ output, outputFormat }: DiffOutputFlags): DiffOutput {
  if (outputFormat !== undefined) return DIFF_OUTPUTS.find(({ name }) => name === outputFormat)!;
  if (output === undefined) return TABLE;
  return DIFF_OUTPUTS.find(({ extensions }) => extensions.some((end) => output.endsWith(end))) ?? SVG;
}
