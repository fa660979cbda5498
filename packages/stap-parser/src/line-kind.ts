import type { ParsedFrame } from './grammar/frame.ts';
import { isNoise } from './grammar/noise.ts';

/**
 * The word that the scanner remembers for a line. The words of a record, combined with OR, give the kinds of all of its
 * lines.
 *
 *     30        29 28   27     26       25      24     23 … 0
 *     │ scanner │ 0 0 │ USER │ KERNEL │ NOISE │ TEXT │ number of the frame │
 */
export const LineKind = {
  ID_MASK: 0x00ffffff,
  /** A line with an unknown form: a root frame if before the first frame, otherwise a frame labelled by its text. */
  TEXT: 0x01000000,
  /** A frame to leave out: in the sampling script's own module, or at address 0. */
  NOISE: 0x02000000,
  /** A kernel frame. */
  KERNEL: 0x04000000,
  /** A user-space frame, or a frame that may be user or kernel code. */
  USER: 0x08000000,
} as const;

/** The kind of a line; its frame is `undefined` if its form is unknown. */
export function lineKind(frame: ParsedFrame | undefined): number {
  if (!frame) return LineKind.TEXT;
  if (isNoise(frame)) return LineKind.NOISE;
  return frame.space === 'kernel' ? LineKind.KERNEL : LineKind.USER;
}
