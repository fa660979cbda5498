/** A Transform and a Readable for a parser's core, and a function that passes bytes to the core. */
export { feed, ParserReader, ParserStream, type ParserCore } from './parser.ts';
/** A Readable that reads byte sources directly into a core's memory. */
export { SourceReader, type ByteSource, type ByteSources, type ReaderCore } from './source.ts';
/** A Transform for any stage's core, and limits for the buffers before and after a stage. */
export { StageStream, WAITING_BATCHES, WAITING_BYTES, type StageCore } from './stage.ts';
/** Temporary files without a name. */
export { spillFiles, type UnnamedFile } from './spill-files.ts';
/** Streams for folded text: a Transform and a Readable that read folded text, and a Transform that writes it. */
export {
  createFoldedReader,
  createFoldedWriter,
  readFolded,
  type FoldedReaderStream,
  type FoldedTextReader,
} from './folded.ts';
/** A Transform around a core that writes stacks as bytes. */
export { createWriter, type WriterCore } from './writer.ts';
