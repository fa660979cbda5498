import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { BpftraceOptions } from './options.ts';
import { BpftraceParser, type BpftraceSummary } from './parser.ts';

/** Creates a Transform that turns bpftrace output into stacks. Its `summary` counts damaged records. */
export function createBpftraceParser(options: BpftraceOptions = {}): ParserStream<BpftraceSummary> {
  return new ParserStream(new BpftraceParser(options));
}

/**
 * Creates a Readable that returns the stacks of several inputs, one input after the other. It fails if an input fails.
 */
export function readBpftrace(
  sources: ByteSources,
  options: BpftraceOptions = {},
): ParserReader<BpftraceSummary> {
  return new ParserReader(new BpftraceParser(options), sources);
}
