/**
 * The tokenizer is the hot part of the parser: input bytes in, 32-bit tokens out. A line that it has
 * seen before becomes the id it was given then, after every byte of it has been compared; count and
 * framing lines it reads by itself; any other line it stops at, and asks what it is.
 *
 * Two implementations behave alike: the readable reference in `reference.ts` and the WebAssembly one.
 */

/** Why `scan()` came back. */
export const Stop = {
  /** All complete lines are read. */
  INPUT: 0,
  /** A line that is not known: `line()` shows it; answer with `intern(token)` or `skip()`. */
  LINE: 1,
  /** A line over the limit begins at `position()`; the tokenizer goes on after its end. */
  LONG_LINE: 2,
  /** The token buffer is full. */
  TOKENS: 3,
} as const;
export type StopCode = (typeof Stop)[keyof typeof Stop];

/**
 * A token below 2^31 is a line: the word it was interned with, `SAME_ADDRESS` added where it is a kernel
 * frame at the same address as the line before it. The word has the line's id in its low 24 bits and its
 * kind above, so that the kinds of all lines of a record are known by or-ing its tokens. The other tokens,
 * with the words that follow them:
 */
export const Token = {
  ID_MASK: 0x00ffffff,
  /** A line of no known form: root frame before the first frame, else a frame with its own text. */
  TEXT: 0x01000000,
  /** A frame of the sampling script's own module, which is dropped. */
  PROBE: 0x02000000,
  /** A frame of the kernel. */
  KERNEL: 0x04000000,
  /** A frame in user space, or of which the space is not known. */
  USER: 0x08000000,
  SAME_ADDRESS: 0x40000000,
  /** Count line. Words: count mod 2^32, count div 2^32, position of the line's end. */
  COUNT: 0x80000000,
  /** `#< CPU NANOSECONDS`. Word: position of the line. */
  OPEN: 0x80000001,
  /** `#> CPU NANOSECONDS`, the same as the last OPEN. */
  CLOSE: 0x80000002,
  /** `#> CPU NANOSECONDS` that closes no OPEN. */
  STRAY_CLOSE: 0x80000003,
  /** Blank line, where asked for. Word: position of the line's end. */
  BLANK: 0x80000004,
} as const;

/** Most words one line can add to the tokens. */
export const MAX_TOKEN_WORDS = 4;

export interface TokenizerOptions {
  /** Longest line in bytes. */
  readonly maxLineLength: number;
  /** Most lines kept for comparison; their text is bounded with them. */
  readonly maxLines: number;
  /** Tell lines apart by their address, too. */
  readonly addresses: boolean;
  /** Report blank lines. */
  readonly blanks: boolean;
}

export interface Tokenizer {
  /**
   * Where the next bytes of input go: write up to `length` bytes at its start, then call `advance`.
   * What was shown before (`line()`, positions in tokens) is void after it.
   */
  space(): Uint8Array;
  /** Says how many bytes were written. */
  advance(length: number): void;
  scan(): StopCode;
  /** Words written by `scan`; valid until `clearTokens()`. */
  readonly tokens: Uint32Array;
  tokenCount(): number;
  clearTokens(): void;
  /** The line at which `scan` stopped, without its line end. */
  line(): Uint8Array;
  /** Where that line starts. */
  position(): number;
  /** Remember the line as this token and emit it. `false`: no room; `forget()` first. */
  intern(token: number): boolean;
  /** Pass over the line. */
  skip(): void;
  /** Forget every line. */
  forget(): void;
  /** How many bytes after the last line end have been read. */
  pending(): number;
  /** Offset in the input of position 0. */
  base(): number;
  /** Forget the input read so far, keep the known lines: a new input begins. */
  restart(): void;
}
