/** Merges equal stacks and sorts them frame by frame, in constant memory. */
export { FolderError, type FolderErrorCode } from './errors.ts';
export { StackFolder, type FolderSummary } from './folder.ts';
export { DEFAULT_MEMORY, MIN_MEMORY, type FolderOptions } from './options.ts';
export { createFolder, FolderStream } from './stream.ts';
