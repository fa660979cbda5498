import type { FrameTable } from '@stapflame/stacks';

/**
 * The frames in a trace, by number, each made from its line. A word consists of the frame's number and its line's kind
 * (`LineKind`). When the table is full, a new one begins.
 */
export interface TraceTable extends FrameTable {
  /** Whether the parser's own frames (`[damaged]`, its host, …) for one more record may no longer fit. */
  readonly full: boolean;
  /** Whether the table is full of names and may double its memory. */
  readonly growable: boolean;
  /** Doubles the room for frames. */
  enlarge(): void;
  /**
   * The word for a line in the form that nearly every frame has, read without making a string; 0 for any other form.
   * Absent if the table keeps everything on a line.
   */
  addPlain?(bytes: Uint8Array): number;
  /** Adds a line that came through the scanner, and returns its word. */
  addLine(line: string): number;
  /** Returns the word for a line that did not come through the scanner, and adds the line if it is new. */
  wordOf(line: string): number;
  /** Adds a frame from another table of this kind, and returns its number here. */
  adopt(other: this, id: number): number;
  /** The word for this line as a leaf. A text that ends in a blank and a number needs another frame as a leaf. */
  leafOf(word: number): number;
  /** Whether two lines with the same address name the same function, or the same module without a function. */
  sameSymbol(word: number, other: number): boolean;
  /** Whether the line names a function, not only a module. */
  isNamed(word: number): boolean;
  /**
   * The line from which a frame was made, if its form is unknown or it may have a host prefix; otherwise empty text.
   */
  textOf(word: number): string;
}

/** The parser's own frames that one stack may need: `[damaged]`, `[unknown]`, `[cut]`, its host, its leaf. */
export const OWN_FRAMES = 5;
