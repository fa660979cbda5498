import type { StackBatch } from '@stapflame/stacks';
import { StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import { NameCounter } from './counter.ts';
import {
  resolveTop,
  resolveTree,
  type PeekOptions,
  type ResolvedTextOptions,
  type TopOptions,
  type TreeOptions,
} from './options.ts';
import { peekText, topText, treeText } from './text/text.ts';
import { TreeBuilder } from './tree.ts';

/** A Transform from stacks to a table, which is written at the end. Fails with `TablesError`. */
export type TableStream = StageStream<StackBatch, Uint8Array>;

/** A stage that lists the names that cost most. */
export function createTop(options: TopOptions = {}): TableStream {
  return stageOf(new NameCounter(options), resolveTop(options), topText);
}

/** A stage that lists names that match, who calls them, and whom they call. */
export function createPeek(options: PeekOptions): TableStream {
  return stageOf(new NameCounter(options), resolveTop(options), peekText);
}

/** A stage that writes stacks, which must be sorted frame by frame, as a tree. */
export function createTree(options: TreeOptions = {}): TableStream {
  return stageOf(new TreeBuilder(options), resolveTree(options), treeText);
}

function stageOf<Table, Options extends ResolvedTextOptions>(
  core: { push(batch: StackBatch): void; table(): Table },
  options: Options,
  textOf: (table: Table, options: Options) => string,
): TableStream {
  const finish = function* (): Generator<Uint8Array> {
    const table = core.table();
    const text = options.format === 'json' ? `${JSON.stringify(table, null, 2)}\n` : textOf(table, options);
    yield new TextEncoder().encode(text);
  };
  return new StageStream<StackBatch, Uint8Array>(
    { push: (batch) => core.push(batch), finish },
    { writableObjectMode: true, writableHighWaterMark: WAITING_BATCHES },
  );
}
