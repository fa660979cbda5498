import type { Facts, Frame } from '@stapflame/stacks';
import { readWith, type Read, type Texts } from '../../../testing/read.ts';
import { BpftraceParser, type BpftraceOptions, type BpftraceSummary } from '../src/index.ts';

export { folded } from '../../../testing/read.ts';

/** Reads inputs one after another, in chunks of `size` bytes. */
export function read(
  texts: Texts,
  options: BpftraceOptions = {},
  size = Infinity,
): Read<Frame, Facts, BpftraceSummary> {
  return readWith(new BpftraceParser({ scanner: 'reference', ...options }), texts, size);
}
