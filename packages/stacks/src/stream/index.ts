export { feed, ParserReader, ParserStream, type ParserCore } from './parser.ts';
export { SourceReader, type ByteSource, type ByteSources, type ReaderCore } from './source.ts';
export { StageStream, WAITING_BATCHES, WAITING_BYTES, type StageCore } from './stage.ts';
export { spillFiles, type UnnamedFile } from './spill-files.ts';
export {
  createFoldedReader,
  createFoldedWriter,
  FoldedReaderStream,
  FoldedTextReader,
  readFolded,
} from './folded.ts';
export { createWriter, type WriterCore } from './writer.ts';
