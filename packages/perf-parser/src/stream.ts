import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { PerfOptions } from './options.ts';
import { PerfParser, type PerfSummary } from './parser.ts';

/** A Transform from the text of perf script to stacks. Damage is counted in `summary`. */
export function createPerfParser(options: PerfOptions = {}): ParserStream<PerfSummary> {
  return new ParserStream(new PerfParser(options));
}

/** A Readable of the stacks of several texts, one after the other. It also fails with what a source throws. */
export function readPerf(sources: ByteSources, options: PerfOptions = {}): ParserReader<PerfSummary> {
  return new ParserReader(new PerfParser(options), sources);
}
