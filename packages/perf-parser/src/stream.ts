import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { PerfOptions } from './options.ts';
import { PerfParser, type PerfSummary } from './parser.ts';

/** Creates a Transform that reads `perf script` output and writes batches of stacks. `summary` reports any damage. */
export function createPerfParser(options: PerfOptions = {}): ParserStream<PerfSummary> {
  return new ParserStream(new PerfParser(options));
}

/** Creates a Readable that returns the stacks of several inputs, in order. It fails if a source fails. */
export function readPerf(sources: ByteSources, options: PerfOptions = {}): ParserReader<PerfSummary> {
  return new ParserReader(new PerfParser(options), sources);
}
