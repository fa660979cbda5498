import { ParserReader, ParserStream, type ByteSources } from '@stapflame/stacks/stream';
import type { BpftraceOptions } from './options.ts';
import { BpftraceParser, type BpftraceSummary } from './parser.ts';

/** A Transform from the output of bpftrace to stacks. Damage is counted in `summary`. */
export function createBpftraceParser(options: BpftraceOptions = {}): ParserStream<BpftraceSummary> {
  return new ParserStream(new BpftraceParser(options));
}

/** A Readable of the stacks of several outputs, one after the other. It also fails with what a source throws. */
export function readBpftrace(
  sources: ByteSources,
  options: BpftraceOptions = {},
): ParserReader<BpftraceSummary> {
  return new ParserReader(new BpftraceParser(options), sources);
}
