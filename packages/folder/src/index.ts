/** Thrown by the folder, and the error of its stream; `code` says what is wrong. */
export { FolderError, type FolderErrorCode } from './errors.ts';
/** The core, without streams: push batches, read the merged stacks once, and ask what went in and came out. */
export { StackFolder, type FolderSummary } from './folder.ts';
/** The options, and the default and the smallest number of bytes for the table of stacks. */
export { DEFAULT_MEMORY, MIN_MEMORY, type FolderOptions } from './options.ts';
/** The same as a Transform: batches in, merged and sorted batches out. */
export { createFolder, FolderStream } from './stream.ts';
