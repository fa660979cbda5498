/** Merges equal stacks and sorts them frame by frame, in constant memory. */
export { FolderError, type FolderErrorCode } from './errors.ts';
export { StackFolder, type FolderSummary } from './folder.ts';
export { DEFAULT_MEMORY, MIN_MEMORY, type FolderOptions } from './options.ts';
export type { SpillFile, SpillStore } from './spill.ts';
export { spillFiles, type UnnamedFile, type UnnamedFiles } from './spill-files.ts';
export { createFolder, FolderStream } from './stream.ts';
