import type { Facts, Frame } from '@stapflame/stacks';
import { readWith, type Read, type Texts } from '../../../testing/read.ts';
import { PerfParser, type PerfOptions, type PerfSummary } from '../src/index.ts';

export { folded } from '../../../testing/read.ts';

/** Reads inputs one after another, in chunks of `size` bytes. */
export function read(
  texts: Texts,
  options: PerfOptions = {},
  size = Infinity,
): Read<Frame, Facts, PerfSummary> {
  return readWith(new PerfParser({ scanner: 'reference', ...options }), texts, size);
}
