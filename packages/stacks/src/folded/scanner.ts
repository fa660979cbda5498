import type { StackBuilder } from '../builder.ts';
import type { FrameTable } from '../frames.ts';

/** Why `scan()` stopped. */
export const Stop = {
  /** All complete lines have been read. */
  INPUT: 0,
  /** A line that is not a stack: `other()` shows it. */
  OTHER: 1,
  /** Enough frames have been read; the caller should take them. */
  FULL: 2,
  /** The next line is longer than the limit. */
  LONG_LINE: 3,
  NO_MEMORY: 4,
} as const;
export type StopCode = (typeof Stop)[keyof typeof Stop];

/** The longest line, in bytes: enough for a stack of a million frames. */
export const MAX_LINE: number = 1 << 26;
/** Number of bytes of a comment that are read; the rest is ignored. */
export const MAX_COMMENT = 4096;
/** Number of frames in a batch. */
export const BATCH_FRAMES: number = 1 << 14;
/** A new table begins when the current one has this many names, or this many bytes of names. */
export const MAX_NAMES: number = 1 << 18;
export const MAX_NAME_BYTES: number = 1 << 23;

/**
 * Reads the stacks on lines of folded text, `root;…;leaf COUNT` or `root;…;leaf BEFORE AFTER`: nearly all of the
 * reader's work. Two implementations behave alike: the readable one in `plain-scanner.ts`, and the one in WebAssembly.
 */
export interface FoldedScanner {
  /** Room for the next bytes. */
  space(): Uint8Array;
  /** Reads `length` bytes that were written at the start of the last `space()`. Lines may be cut anywhere. */
  advance(length: number): void;
  /** Number of bytes after the last line end. */
  pending(): number;
  /** Treats the next line as the start of another input. */
  restart(): void;
  scan(): StopCode;
  /** The line that is not a stack, without trailing blanks; valid until the next `scan()`. */
  other(): Uint8Array;
  /** Number of lines read. */
  readonly lines: number;
  /** At least one line had two counts. */
  readonly hasPairs: boolean;
  /** Number of frames that have not been taken yet. */
  readonly waiting: number;
  /** Moves the stacks that were read into the builder. */
  moveTo(builder: StackBuilder): void;
  /** The frames of all stacks that were not taken yet. */
  readonly table: FrameTable;
  /** Whether the table is full. */
  readonly tableIsFull: boolean;
  /** Begins a new table. The old one stays valid. Call it only after all stacks were taken. */
  renewTable(): void;
}

/** The value of a decimal count; NaN if it is too large for a number. */
export function countOf(text: string): number {
  const value = Number(text);
  return value < Infinity ? value : Number.NaN;
}
