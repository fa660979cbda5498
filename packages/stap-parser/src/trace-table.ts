import type { FrameTable } from '@stapflame/stacks';

/**
 * The frames of a trace, by number, each made of its line. A word is the number and the kind of its line
 * (`LineKind`). When the table is full, a new one is begun.
 */
export interface TraceTable extends FrameTable {
  /** Whether there may be no room for the parser's own frames (`[damaged]`, its host, …) of one more record. */
  readonly full: boolean;
  /** Whether the table is full of names and may take twice the memory. */
  readonly growable: boolean;
  /** Doubles the room for frames. */
  enlarge(): void;
  /**
   * The word of a line in the form that nearly every frame has, read without making a string of it; 0 if it has another
   * form. Absent if all that a line says is kept.
   */
  addPlain?(bytes: Uint8Array): number;
  /** Adds a line of a record that came through the scanner, and returns its word. */
  addLine(line: string): number;
  /** The word of a line that did not come through the scanner; it is added if it is new. */
  wordOf(line: string): number;
  /** Adds a frame of another table of this kind and returns its number here. */
  adopt(other: this, id: number): number;
  /** The word for this line as a leaf: a text that ends in a blank and a number needs another frame there. */
  leafOf(word: number): number;
  /** Whether two lines with the same address name the same function, or the same module without a function. */
  sameSymbol(word: number, other: number): boolean;
  /** Whether the line names a function, not only a module. */
  isNamed(word: number): boolean;
  /**
   * The line that a frame was made from, if its form is unknown or it may have a host's prefix; otherwise an empty
   * text.
   */
  textOf(word: number): string;
}

/** The parser's own frames that one stack may need: `[damaged]`, `[unknown]`, `[cut]`, its host, its leaf. */
export const OWN_FRAMES = 5;
