import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { DtraceOptions } from './options.ts';
import { DtraceParser, type DtraceSummary } from './parser.ts';

/** Creates a Transform from dtrace output to stacks. Damage is counted in `summary`. */
export function createDtraceParser(options: DtraceOptions = {}): ParserStream<DtraceSummary> {
  return new ParserStream(new DtraceParser(options));
}

/** Creates a Readable of the stacks in several outputs, in order. It also fails with an error from a source. */
export function readDtrace(sources: ByteSources, options: DtraceOptions = {}): ParserReader<DtraceSummary> {
  return new ParserReader(new DtraceParser(options), sources);
}
