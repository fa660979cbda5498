/** The core, which builds a tree from batches of sorted stacks and uses no streams. */
export { CallTreeBuilder, type CallTree, type CallTreeNode } from './tree.ts';
/** The core as a Transform stream. */
export { createCallTree, type CallTreeStream } from './stream.ts';
export type { CallTreeOptions } from './options.ts';
/** The error thrown by this package. */
export { CallTreeError, type CallTreeErrorCode } from './errors.ts';
