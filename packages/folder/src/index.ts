export { batchOf, type PlainSample, type StackColumns } from './batch.ts';
export { FolderError, type FolderErrorCode } from './errors.ts';
export { createFoldWriter, FoldWriterStream, type WriteText } from './fold-writer.ts';
export { StackFolder, type FolderSummary } from './folder.ts';
export { DEFAULT_MEMORY, MIN_MEMORY, type FoldedReaderOptions, type FolderOptions } from './options.ts';
export type { SpillFile, SpillStore } from './spill.ts';
export { spillFiles } from './spill-files.ts';
export { FoldedReader, type FoldedReaderSummary } from './read/folded-reader.ts';
export { FoldedTextReader, readFolded, type ByteSource } from './read/read-folded.ts';
export {
  createFoldedReader,
  createFolder,
  createMerger,
  FoldedReaderStream,
  FolderStream,
  type FolderOutput,
} from './transform.ts';
