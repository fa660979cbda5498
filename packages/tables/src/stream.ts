import { StageStream } from '@stapflame/stacks/stream';
import {
  resolveText,
  resolveTop,
  type ResolvedTextOptions,
  type TextOptions,
  type TopOptions,
} from './options.ts';
import type { FunctionTable, Tree } from './table.ts';
import { peekText, topText, treeText } from './text/text.ts';

/** A Transform that converts a table to its text. */
export type TextStream<Table> = StageStream<Table, Uint8Array>;

/** Creates a stage that writes functions, one per line. */
export function createTopText(options: TopOptions = {}): TextStream<FunctionTable> {
  return stageOf(resolveTop(options), topText);
}

/** Creates a stage that writes functions with their callers and callees. */
export function createPeekText(options: TextOptions = {}): TextStream<FunctionTable> {
  return stageOf(resolveText(options), peekText);
}

/** Creates a stage that writes a call tree. */
export function createTreeText(options: TextOptions = {}): TextStream<Tree> {
  return stageOf(resolveText(options), treeText);
}

function stageOf<Table, Options extends ResolvedTextOptions>(
  options: Options,
  textOf: (table: Table, options: Options) => string,
): TextStream<Table> {
  const texts: string[] = [];
  return new StageStream<Table, Uint8Array>(
    {
      push: (table) =>
        texts.push(
          options.format === 'json' ? `${JSON.stringify(table, null, 2)}\n` : textOf(table, options),
        ),
      finish: () => texts.map((text) => new TextEncoder().encode(text)),
    },
    { writableObjectMode: true },
  );
}
