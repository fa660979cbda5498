/** The core, which uses no streams. It builds a tree from batches of sorted stacks. */
export { CallTreeBuilder, type CallTree, type CallTreeNode } from './tree.ts';
/** The core as a Transform stream. */
export { createCallTree, type CallTreeStream } from './stream.ts';
export type { CallTreeOptions } from './options.ts';
/** The error that this package throws. */
export { CallTreeError, type CallTreeErrorCode } from './errors.ts';
