import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { PerfOptions } from './options.ts';
import { PerfParser, type PerfSummary } from './parser.ts';

/** Creates a Transform from `perf script` output to stacks. Damage is counted in `summary`. */
export function createPerfParser(options: PerfOptions = {}): ParserStream<PerfSummary> {
  return new ParserStream(new PerfParser(options));
}

/** Creates a Readable of the stacks in several texts, in order. It also fails with an error from a source. */
export function readPerf(sources: ByteSources, options: PerfOptions = {}): ParserReader<PerfSummary> {
  return new ParserReader(new PerfParser(options), sources);
}
