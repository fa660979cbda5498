import type { Facts, Frame } from '@stapflame/stacks';
import { readWith, type Read, type Texts } from '../../../testing/read.ts';
import { DtraceParser, type DtraceOptions, type DtraceSummary } from '../src/index.ts';

export { folded } from '../../../testing/read.ts';

/** Reads inputs one after another, in chunks of `size` bytes. */
export function read(
  texts: Texts,
  options: DtraceOptions = {},
  size = Infinity,
): Read<Frame, Facts, DtraceSummary> {
  return readWith(new DtraceParser({ scanner: 'reference', ...options }), texts, size);
}
