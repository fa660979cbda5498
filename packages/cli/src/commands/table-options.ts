import { COLUMNS, type Column } from '@stapflame/tables';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { convert } from '../convert.ts';
import type { KindFlags } from '../inputs/open.ts';
import { STACKS } from '../inputs/table.ts';
import type { OutputKind } from '../outputs/output.ts';
import type { CommonOptions, Report } from './context.ts';
import { addNameOptions, type NameFlags } from './name-options.ts';
import { addSelectOptions, selectionOf, type SelectFlags } from './select-options.ts';
import { addTraceOptions, wholeNumber, type FoldFlags, type TraceFlags } from './trace-options.ts';

/** Flags for all table commands, as commander returns them. */
export interface TableFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly output?: string;
}

export interface TopFlags extends TableFlags {
  readonly sort?: 'self' | 'total';
  readonly limit?: number;
  readonly columns?: readonly Column[];
}

export interface PeekFlags extends Omit<TopFlags, 'columns'> {
  readonly names: RegExp;
}

export interface TreeFlags extends TableFlags {
  readonly minShare?: number;
  readonly maxDepth?: number;
}

/** Flags that table commands share with other commands. */
export type TableCommandFlags = TableFlags &
  CommonOptions &
  KindFlags &
  TraceFlags &
  NameFlags &
  SelectFlags &
  FoldFlags;

export function addTableOptions(command: Command): Command {
  return addSelectOptions(addNameOptions(addTraceOptions(command, STACKS)))
    .optionsGroup(Group.OUTPUT)
    .addOption(
      new Option('--json', 'write the table as JSON (default for -o FILE.json)').conflicts('markdown'),
    )
    .option('--markdown', 'write the table as Markdown (default for -o FILE.md)')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write a JSON summary of input, output and losses')
    .option('-q, --quiet', 'no summary on stderr');
}

export function addRowOptions(command: Command): Command {
  return command
    .optionsGroup(Group.TABLE)
    .addOption(new Option('--sort <by>', 'column to sort by (default: self)').choices(['self', 'total']))
    .option(
      '-n, --limit <number>',
      'number of functions to list, or 0 for all (default: 20; all with --json)',
      wholeNumber,
    );
}

/** Parses a list of columns, such as `self,name`. */
export function columnList(text: string): readonly Column[] {
  const columns = text.split(',');
  const wrong = columns.find((column) => !(COLUMNS as readonly string[]).includes(column));
  if (wrong === undefined) return columns as Column[];
  throw new InvalidArgumentError(`expected column names separated by commas (${COLUMNS.join(', ')}).`);
}

/** Parses a percentage. */
export function percentage(text: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,9})?) ?%?$/.exec(text);
  const share = match ? Number(match[1]) / 100 : 0;
  if (share >= 0.0001 && share <= 1) return share;
  throw new InvalidArgumentError('expected a share from 0.01% to 100%.');
}

/** Returns the format that belongs to the output file's extension, or nothing if a flag names the format. */
function formatOf({ json, markdown, output }: TableFlags): TableFlags {
  if (json === true || markdown === true || output === undefined) return {};
  if (output.endsWith('.json')) return { json: true };
  return /\.(?:md|markdown)$/.test(output) ? { markdown: true } : {};
}

/** Reads traces or folded stacks, and writes a table. */
export async function writeTable<Flags extends TableCommandFlags>(
  files: readonly string[],
  flags: Flags,
  kind: OutputKind<Flags>,
  merges: 'merged' | 'as they come',
  report: Report,
): Promise<void> {
  const treatment = { selection: selectionOf(flags), merges: merges === 'merged' };
  // If stacks are not merged, frames keep all their fields. Merging keeps only the labels.
  const formatted: Flags = { ...flags, ...formatOf(flags) };
  const asked: Flags = treatment.merges ? formatted : { ...formatted, frames: 'whole' };
  await report(await convert(files, asked, STACKS, kind, treatment), flags);
}
