import type { ParsedFrame } from './grammar/frame.ts';
import { isNoise } from './grammar/noise.ts';

/**
 * The bits of the word that the scanner remembers for a line. A record's words, combined with OR, say which kinds of
 * lines the record contains.
 *
 *     30        29 28   27     26       25      24     23 … 0
 *     │ scanner │ 0 0 │ USER │ KERNEL │ NOISE │ TEXT │ number of the frame │
 */
export const LineKind = {
  ID_MASK: 0x00ffffff,
  /** An unrecognised line, whose text is its label. It is a root frame if it precedes the record's frames. */
  TEXT: 0x01000000,
  /** A frame to leave out: it is in the sampling script's own module, or at address 0. */
  NOISE: 0x02000000,
  /** A kernel frame. */
  KERNEL: 0x04000000,
  /** A user-space frame, or a frame that may be user or kernel code. */
  USER: 0x08000000,
} as const;

/** Returns the kind of the line with this frame. The frame is `undefined` if the line is not recognised. */
export function lineKind(frame: ParsedFrame | undefined): number {
  if (!frame) return LineKind.TEXT;
  if (isNoise(frame)) return LineKind.NOISE;
  return frame.space === 'kernel' ? LineKind.KERNEL : LineKind.USER;
}
