import { pipeline } from 'node:stream/promises';
import { createCallTree } from '@stapflame/call-tree';
import { createFunctionTable } from '@stapflame/functions';
import type { StackBatch } from '@stapflame/stacks';
import type { StageStream } from '@stapflame/stacks/stream';
import {
  createPeekText,
  createTopText,
  createTreeText,
  type TextOptions,
  type TextStream,
} from '@stapflame/tables';
import type { PeekFlags, TableFlags, TopFlags, TreeFlags } from '../commands/table-options.ts';
import type { StackOutput } from './output.ts';

/** Default number of functions to list. JSON lists all functions. */
const ROWS = 20;

export function openTop(flags: TopFlags): StackOutput {
  const counting = createFunctionTable({ ...given({ sort: flags.sort }), limit: rowsOf(flags) });
  return outputOf(counting, createTopText({ ...textOptions(flags), ...given({ columns: flags.columns }) }));
}

export function openPeek(flags: PeekFlags): StackOutput {
  const { sort, names } = flags;
  const counting = createFunctionTable({ ...given({ sort }), limit: rowsOf(flags), names });
  return outputOf(counting, createPeekText(textOptions(flags)));
}

export function openTree(flags: TreeFlags): StackOutput {
  const { minShare, maxDepth } = flags;
  return outputOf(createCallTree(given({ minShare, maxDepth })), createTreeText(textOptions(flags)));
}

function outputOf<Table>(counting: StageStream<StackBatch, Table>, text: TextStream<Table>): StackOutput {
  return { write: (batches, file) => pipeline(batches, counting, text, file.stream()) };
}

function rowsOf({ limit, json }: TopFlags): number {
  return limit ?? (json === true ? 0 : ROWS);
}

/** Returns the format options. Only text on a terminal is fitted to the terminal's width and may have colours. */
function textOptions({ json, markdown, output }: TableFlags): TextOptions {
  const { stdout } = process;
  const format = json === true ? 'json' : markdown === true ? 'markdown' : 'text';
  if (output !== undefined || !stdout.isTTY || format !== 'text') return { format };
  return { format, ...(stdout.columns >= 20 && { width: stdout.columns }), colours: stdout.hasColors() };
}

/** Returns the fields that have a value. */
function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: NonNullable<Fields[Name]>;
  };
}
