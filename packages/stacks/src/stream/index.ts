/** Streams over a parser's core: a Transform, a Readable over byte sources, and the loop that feeds the core. */
export { feed, ParserReader, ParserStream, type ParserCore } from './parser.ts';
/** A Readable over byte sources that are read straight into a core's memory. */
export { SourceReader, type ByteSource, type ByteSources, type ReaderCore } from './source.ts';
/** A Transform over the core of any stage, and limits on the data that waits before and after a stage. */
export { StageStream, WAITING_BATCHES, WAITING_BYTES, type StageCore } from './stage.ts';
/** Temporary files without a name. */
export { spillFiles, type UnnamedFile } from './spill-files.ts';
/** Folded text as streams: a Transform that reads it, a Readable of several texts, a Transform that writes it. */
export {
  createFoldedReader,
  createFoldedWriter,
  FoldedReaderStream,
  FoldedTextReader,
  readFolded,
} from './folded.ts';
/** A Transform over a core that writes stacks as bytes. */
export { createWriter, type WriterCore } from './writer.ts';
