import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { BpftraceOptions } from './options.ts';
import { BpftraceParser, type BpftraceSummary } from './parser.ts';

/** Creates a Transform from bpftrace output to stacks. Damage is counted in `summary`. */
export function createBpftraceParser(options: BpftraceOptions = {}): ParserStream<BpftraceSummary> {
  return new ParserStream(new BpftraceParser(options));
}

/** Creates a Readable of the stacks in several outputs, in order. It also fails with an error from a source. */
export function readBpftrace(
  sources: ByteSources,
  options: BpftraceOptions = {},
): ParserReader<BpftraceSummary> {
  return new ParserReader(new BpftraceParser(options), sources);
}
