import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { DtraceOptions } from './options.ts';
import { DtraceParser, type DtraceSummary } from './parser.ts';

/** Creates a Transform that turns dtrace output into stacks. Its `summary` counts damaged records. */
export function createDtraceParser(options: DtraceOptions = {}): ParserStream<DtraceSummary> {
  return new ParserStream(new DtraceParser(options));
}

/** Creates a Readable of the stacks in several outputs, read in turn. Errors from a source destroy the stream. */
export function readDtrace(sources: ByteSources, options: DtraceOptions = {}): ParserReader<DtraceSummary> {
  return new ParserReader(new DtraceParser(options), sources);
}
