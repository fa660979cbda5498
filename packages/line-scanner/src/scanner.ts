/**
 * A scanner reads text whose lines repeat, such as stack traces: bytes in, 32-bit tokens out. A line that it has seen
 * before gets the same token again, after every byte has been compared. At any other line it stops and asks its reader
 * for a token.
 *
 *     scanner.space().set(bytes), scanner.advance(bytes.length)
 *     for (;;) switch (scanner.scan()) {
 *       case Stop.INPUT: …handle the tokens, then add the next bytes
 *       case Stop.LINE: …handle the tokens, then call remember(token) or skip() for the line at line()
 *
 * There are two scanners with the same behaviour: the plain one in `reference.ts`, which is the one to read first, and
 * the one in WebAssembly.
 */

/** Why `scan()` stopped. */
export const Stop = {
  /** All complete lines are read. */
  INPUT: 0,
  /** An unknown line: `line()` shows it; answer with `remember`, `rememberWhole`, `rememberSymbol` or `skip`. */
  LINE: 1,
  /** A line over the limit begins at `position()`; the scanner continues after its end. */
  LONG_LINE: 2,
  /** The token buffer is full. */
  TOKENS: 3,
  /** An unknown event line; answer as for `LINE`. The word passed to `remember` appears in `Token.EVENT`. */
  EVENT: 4,
} as const;
export type StopCode = (typeof Stop)[keyof typeof Stop];

/**
 * A token below 2^31 stands for a line. It consists of the word with which the line was remembered (bits 0 to 29, which
 * the reader chooses) and `SAME_ADDRESS`.
 *
 *     31        30            29 … 0
 *     │ 0 │ SAME_ADDRESS │ the reader's word │
 *     │ 1 │ 0 …                     1, 2, 3, 4 │  one of the marks below, followed by its words
 */
export const Token = {
  /** The line begins with the same kernel address (in the upper half of the 64-bit range) as the previous line. */
  SAME_ADDRESS: 0x40000000,
  /** A count line. Words: count mod 2^32, count div 2^32, position of the line's end. */
  COUNT: 0x80000000,
  /** `#< CPU NANOSECONDS`. Word: position of the line. */
  OPEN: 0x80000001,
  /** `#> CPU NANOSECONDS` with the same numbers as the last OPEN. */
  CLOSE: 0x80000002,
  /** `#> CPU NANOSECONDS` that matches no OPEN. */
  STRAY_CLOSE: 0x80000003,
  /** A blank line, if requested. Word: position of the line's end. */
  BLANK: 0x80000004,
  /**
   * An event line, if requested. Words: the reader's word for lines with this comm, event and, if requested, thread;
   * period mod 2^32; period div 2^32. The period is 0 if such lines have none.
   */
  EVENT: 0x80000005,
  /**
   * If prefixes are read: the following lines are from another host. Words: the host's number; number of digits in its
   * prefix (0 without a prefix), plus `HOST_KEPT`; position of the first line; upper and lower half of the kernel
   * address in the previous host's last line, or 0 if that line had none.
   */
  HOST: 0x80000006,
  /** A host's first line begins with this kernel address. Words: its upper and lower half. */
  ADDRESS: 0x80000007,
} as const;

/** No line from the previous host followed its own `Token.HOST`, so its last kernel address has not changed. */
export const HOST_KEPT = 0x100;

/** The most token words that one line can add. */
export const MAX_TOKEN_WORDS = 13;

export interface ScannerOptions {
  /** Longest line in bytes. */
  readonly maxLineLength: number;
  /** The most lines kept for comparison; this also bounds their text. */
  readonly maxLines: number;
  /**
   * The most symbols kept, so that the scanner need not ask about a new line in a known function. Above 0, it reads
   * frames that have the form in `plain-frame.ts`. @defaultValue 0
   */
  readonly maxSymbols?: number;
  /** Also distinguish lines by the addresses at their start. */
  readonly addresses: boolean;
  /**
   * The form of an address at the start of a line: optional white space, `0x` and hexadecimal digits; or, as perf
   * prints it, white space, only the digits, and a space. @defaultValue 'prefixed'
   */
  readonly addressForm?: 'prefixed' | 'bare';
  /** Report blank lines. */
  readonly blanks: boolean;
  /**
   * Read SystemTap's count lines (decimal digits between white space) and the framing lines that stapflame's scripts
   * print (`#< `, `#> `, `#. ` and numbers); otherwise they are ordinary lines.
   */
  readonly marks: boolean;
  /**
   * Read the first lines of `perf script` samples, and recognise them by comm and event, or by comm, thread and event,
   * ignoring their CPU, time and period. @defaultValue 'none'
   */
  readonly events?: 'none' | 'comm' | 'thread';
}

export interface LineScanner {
  /**
   * Room for the next bytes of input: write up to `length` bytes at its start, then call `advance`. This makes earlier
   * results (`line()`, positions in tokens) invalid.
   */
  space(): Uint8Array;
  /** Reads `length` bytes that were written at the start of the last `space()`. */
  advance(length: number): void;
  scan(): StopCode;
  /** Words written by `scan`; valid until `clearTokens()`. */
  readonly tokens: Uint32Array;
  tokenCount(): number;
  clearTokens(): void;
  /**
   * From the next line until `restart()`, lines may begin with a host prefix, `N: `, which `line()` leaves out.
   */
  readPrefixes(): void;
  /** The line at which `scan` stopped, without its line end. */
  line(): Uint8Array;
  /** The position at which that line starts. */
  position(): number;
  /**
   * Remembers the line with this token (bits 0 to 29) and emits the token. Unless addresses are distinguished, lines
   * with the same text after different addresses are the same. If there is no room, all other lines are forgotten.
   */
  remember(token: number): void;
  /** Remembers the whole line, including its address. */
  rememberWhole(token: number): void;
  /**
   * Remembers the line, which is a plain frame, and its symbol. From now on every plain frame with this symbol, in the
   * same half of the address space, gets this token, which must not be 0. Symbols are kept longer than lines.
   */
  rememberSymbol(token: number): void;
  /** Skips the line. */
  skip(): void;
  /** Forgets all lines and symbols, so that tokens may get another meaning. */
  forget(): void;
  /** Number of bytes after the last line end. */
  pending(): number;
  /** Offset of position 0 in the input. */
  base(): number;
  /** Begins a new input: forgets the old one, but keeps the known lines. */
  restart(): void;
}
