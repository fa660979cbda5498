/** The error that the folder and its stream throw; `code` says what is wrong. */
export { FolderError, type FolderErrorCode } from './errors.ts';
/** The core, which uses no streams: push batches into it, read the merged stacks once, then get a summary. */
export { StackFolder, type FolderSummary } from './folder.ts';
/** The options, and the default and minimum sizes of the stack table, in bytes. */
export { DEFAULT_MEMORY, MIN_MEMORY, type FolderOptions } from './options.ts';
/** The folder as a Transform that reads batches and writes merged, sorted batches. */
export { createFolder, FolderStream } from './stream.ts';
