import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { DtraceOptions } from './options.ts';
import { DtraceParser, type DtraceSummary } from './parser.ts';

/** A Transform from the output of dtrace to stacks. Damage is counted in `summary`. */
export function createDtraceParser(options: DtraceOptions = {}): ParserStream<DtraceSummary> {
  return new ParserStream(new DtraceParser(options));
}

/** A Readable of the stacks of several outputs, one after the other. It also fails with what a source throws. */
export function readDtrace(sources: ByteSources, options: DtraceOptions = {}): ParserReader<DtraceSummary> {
  return new ParserReader(new DtraceParser(options), sources);
}
