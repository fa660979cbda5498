import type { StackBuilder } from '../builder.ts';
import type { FrameTable } from '../frames.ts';

/** Why `scan()` stopped. */
export const Stop = {
  /** All whole lines are read. */
  INPUT: 0,
  /** A line that is not a stack: `other()` shows it. */
  OTHER: 1,
  /** Enough frames have been read; they should be taken. */
  FULL: 2,
  /** The line after the last one that was read is longer than the limit. */
  LONG_LINE: 3,
  NO_MEMORY: 4,
} as const;
export type StopCode = (typeof Stop)[keyof typeof Stop];

/** The longest line in bytes. A stack of a million frames fits. */
export const MAX_LINE: number = 1 << 26;
/** How much of a comment is read. */
export const MAX_COMMENT = 4096;
/** How many frames make a batch. */
export const BATCH_FRAMES: number = 1 << 14;
/** How many names, and how many bytes of names, a table may have before a new one begins. */
export const MAX_NAMES: number = 1 << 18;
export const MAX_NAME_BYTES: number = 1 << 23;

/**
 * Reads the stacks on lines of folded text, `root;…;leaf COUNT` or `root;…;leaf BEFORE AFTER`: nearly all of the work
 * of reading it. Two implementations behave alike: the readable one in `plain-scanner.ts`, and the one in WebAssembly.
 */
export interface FoldedScanner {
  /** Room for the next bytes. */
  space(): Uint8Array;
  /** Says that `length` bytes were put at the start of the last `space()`. Lines may be cut anywhere. */
  advance(length: number): void;
  /** How many bytes there are after the last line end. */
  pending(): number;
  /** Begins another input with the next line. */
  restart(): void;
  scan(): StopCode;
  /** The line that is not a stack, without the blanks at its end; valid until the next `scan()`. */
  other(): Uint8Array;
  /** Lines read. */
  readonly lines: number;
  /** Some line had two counts. */
  readonly hasPairs: boolean;
  /** Frames that wait to be taken. */
  readonly waiting: number;
  /** Moves the stacks that were read into the builder. */
  moveTo(builder: StackBuilder): void;
  /** The frames of these stacks. */
  readonly table: FrameTable;
  /** Whether the table is full. */
  readonly tableIsFull: boolean;
  /** Begins a new table. The old one stays valid. Call it only when all stacks were taken. */
  renewTable(): void;
}

/** The value of a count in decimal digits; NaN if it is too large for a number. */
export function countOf(text: string): number {
  const value = Number(text);
  return value < Infinity ? value : Number.NaN;
}
