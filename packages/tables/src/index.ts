/** The core, which knows no stream: batches of stacks in, a table out. */
export { NameCounter, type Calls, type Top, type TopRow } from './counter.ts';
export { TreeBuilder, type Tree, type TreeNode } from './tree.ts';
export type { Edge } from './edges.ts';
export type { Share, Whole } from './sums.ts';
/** The interval of a share that was measured by sampling. */
export { wilson, type Interval } from './wilson.ts';
/** Transforms over the core, which write the table as text. */
export { createPeek, createTop, createTree, type TableStream } from './stream.ts';
export {
  COLUMNS,
  type Column,
  type PeekOptions,
  type TextOptions,
  type TopOptions,
  type TreeOptions,
} from './options.ts';
/** What all of them throw. */
export { TablesError, type TablesErrorCode } from './errors.ts';
