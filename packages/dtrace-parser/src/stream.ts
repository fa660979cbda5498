import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { DtraceOptions } from './options.ts';
import { DtraceParser, type DtraceSummary } from './parser.ts';

/** Creates a Transform that turns dtrace output into stacks. Its `summary` counts damaged records. */
export function createDtraceParser(options: DtraceOptions = {}): ParserStream<DtraceSummary> {
  return new ParserStream(new DtraceParser(options));
}

/** Creates a Readable that returns the stacks of several inputs, in order. It fails if a source fails. */
export function readDtrace(sources: ByteSources, options: DtraceOptions = {}): ParserReader<DtraceSummary> {
  return new ParserReader(new DtraceParser(options), sources);
}
