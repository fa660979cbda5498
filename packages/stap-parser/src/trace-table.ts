import type { FrameTable } from '@stapflame/stacks';

/**
 * The frames in a trace's lines, indexed by frame number. A line's word consists of its frame's number and the line's
 * kind (`LineKind`). When the table is full, a new one is started.
 */
export interface TraceTable extends FrameTable {
  /** Whether the table may lack room for the frames that the parser adds to one more record (`[damaged]`, …). */
  readonly full: boolean;
  /** Whether the table is full only because of the memory budget for names, which can still be doubled. */
  readonly growable: boolean;
  /** Doubles the room for frames. */
  enlarge(): void;
  /**
   * Adds a plain frame without creating a string, and returns its line's word. Returns 0 for any other line. A table
   * that keeps everything in a line does not have this method.
   */
  addPlain?(bytes: Uint8Array): number;
  /** Adds a line that the scanner will remember, and returns the line's word. */
  addLine(line: string): number;
  /** Returns the word for a line that the scanner does not remember, and adds the line if it is new. */
  wordOf(line: string): number;
  /** Adds a frame from another table of the same class, and returns its number in this table. */
  adopt(other: this, id: number): number;
  /**
   * Returns the word that encodes this line as a leaf frame. A line that ends in a blank and a number gets a different
   * word.
   */
  leafOf(word: number): number;
  /** Whether two lines with the same address name the same function, or the same module without a function. */
  sameSymbol(word: number, other: number): boolean;
  /** Whether the line names a function, not only a module. */
  isNamed(word: number): boolean;
  /**
   * Returns the line that a frame was made from if the line is not recognised or may have a host prefix. Otherwise,
   * returns an empty string.
   */
  textOf(word: number): string;
}

/** Number of frames that the parser may add to a stack: `[damaged]`, `[unknown]`, `[cut]`, its host and its leaf. */
export const OWN_FRAMES = 5;
