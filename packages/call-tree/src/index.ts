/** The core, without streams: batches of sorted stacks in, a tree out. */
export { CallTreeBuilder, type CallTree, type CallTreeNode } from './tree.ts';
/** A Transform around the core. */
export { createCallTree, type CallTreeStream } from './stream.ts';
export type { CallTreeOptions } from './options.ts';
/** The error that all of them throw. */
export { CallTreeError, type CallTreeErrorCode } from './errors.ts';
