import { pipeline } from 'node:stream/promises';
import { createPeek, createTop, createTree, type TableStream, type TextOptions } from '@stapflame/tables';
import type { PeekFlags, TableFlags, TopFlags, TreeFlags } from '../commands/table-options.ts';
import type { StackOutput } from './output.ts';

export function openTop(flags: TopFlags): StackOutput {
  const { sort, limit, columns } = flags;
  return outputOf(createTop({ ...textOptions(flags), ...given({ sort, limit, columns }) }));
}

export function openPeek(flags: PeekFlags): StackOutput {
  const { sort, limit, names } = flags;
  return outputOf(createPeek({ ...textOptions(flags), ...given({ sort, limit }), names }));
}

export function openTree(flags: TreeFlags): StackOutput {
  const { minShare, maxDepth } = flags;
  return outputOf(createTree({ ...textOptions(flags), ...given({ minShare, maxDepth }) }));
}

function outputOf(table: TableStream): StackOutput {
  return { write: (batches, file) => pipeline(batches, table, file.stream()) };
}

/** A terminal has a width, and colours unless they are turned off. A file is the same wherever it is written. */
function textOptions({ json, markdown, output }: TableFlags): TextOptions {
  const { stdout } = process;
  const format = json === true ? 'json' : markdown === true ? 'markdown' : 'text';
  if (output !== undefined || !stdout.isTTY || format !== 'text') return { format };
  return { format, ...(stdout.columns >= 20 && { width: stdout.columns }), colours: stdout.hasColors() };
}

/** The fields that have a value. */
function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: NonNullable<Fields[Name]>;
  };
}
