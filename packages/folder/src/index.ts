/** The error that the folder and its stream throw; `code` says what is wrong. */
export { FolderError, type FolderErrorCode } from './errors.ts';
/** The core, without streams: push batches, read the merged stacks once, and then get a summary. */
export { StackFolder, type FolderSummary } from './folder.ts';
/** The options, and the default and smallest number of bytes for the stack table. */
export { DEFAULT_MEMORY, MIN_MEMORY, type FolderOptions } from './options.ts';
/** The same as a Transform: batches in, merged and sorted batches out. */
export { createFolder, FolderStream } from './stream.ts';
