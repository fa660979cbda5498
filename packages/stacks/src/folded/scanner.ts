import type { StackBuilder } from '../builder.ts';
import type { FrameTable } from '../frames.ts';

/** Why `scan()` stopped. */
export const Stop = {
  /** All complete lines have been read. */
  INPUT: 0,
  /** The scanner has found a line that is not a stack. `other()` returns the line. */
  OTHER: 1,
  /** Enough stacks for a batch have been read. Call `moveTo` before the next `scan()`. */
  FULL: 2,
  /** The next line is longer than the limit. */
  LONG_LINE: 3,
  NO_MEMORY: 4,
} as const;
export type StopCode = (typeof Stop)[keyof typeof Stop];

/** Maximum line length in bytes, enough for a stack of a million frames. */
export const MAX_LINE: number = 1 << 26;
/** Maximum number of bytes to read from a comment. Further bytes are ignored. */
export const MAX_COMMENT = 4096;
/** Approximate number of frames in a batch. */
export const BATCH_FRAMES: number = 1 << 14;
/** A new table begins when the current table contains this many names, or names of this many bytes in all. */
export const MAX_NAMES: number = 1 << 18;
export const MAX_NAME_BYTES: number = 1 << 23;

/**
 * Reads the stacks in lines of folded text, `root;…;leaf COUNT` or `root;…;leaf BEFORE AFTER`. This is nearly all of
 * the reader's work. There are two implementations, which behave the same: the readable `PlainScanner`, and the
 * WebAssembly scanner.
 */
export interface FoldedScanner {
  /** Returns a buffer for input. */
  space(): Uint8Array;
  /** Adds the `length` bytes written at the start of the last `space()`. These bytes may end anywhere in a line. */
  advance(length: number): void;
  /** Returns the number of bytes after the last line end. */
  pending(): number;
  /** Treats the next line as the start of another input. */
  restart(): void;
  scan(): StopCode;
  /**
   * Returns the line that made `scan()` stop because it is not a stack, without trailing blanks. The bytes are valid
   * until the next `scan()`.
   */
  other(): Uint8Array;
  /** Number of lines read. */
  readonly lines: number;
  /** Whether at least one line had two counts. */
  readonly hasPairs: boolean;
  /** Number of frames in the stacks that have not been moved to a builder yet. */
  readonly waiting: number;
  /** Moves the stacks read so far into a builder. */
  moveTo(builder: StackBuilder): void;
  /** The frame table for the stacks that have not been moved to a builder yet. */
  readonly table: FrameTable;
  /** Whether the table is full. */
  readonly tableIsFull: boolean;
  /** Begins a new table. The old table stays valid. All stacks must be moved to a builder before this call. */
  renewTable(): void;
}

/** Returns the value of a decimal count, or NaN if it is too large for a number. */
export function countOf(text: string): number {
  const value = Number(text);
  return value < Infinity ? value : Number.NaN;
}
