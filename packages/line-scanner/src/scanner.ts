/**
 * A scanner reads text whose lines repeat, such as stack traces, and writes 32-bit tokens. A line that the scanner has
 * seen before gets the same token again, after every byte has been compared. At any other line, the scanner stops and
 * asks its reader for a token.
 *
 *     scanner.space().set(bytes), scanner.advance(bytes.length)
 *     for (;;) switch (scanner.scan()) {
 *       case Stop.INPUT: …handle the tokens, then add the next bytes
 *       case Stop.LINE: …handle the tokens, then call remember(token) or skip() for the line at line()
 *
 * There are two scanners, which behave the same: the plain scanner in `reference.ts`, which you should read first, and
 * the WebAssembly scanner.
 */

/** Why `scan()` stopped. */
export const Stop = {
  /** All complete lines have been read. */
  INPUT: 0,
  /**
   * The scanner has found an unknown line, which `line()` returns. Answer with `remember`, `rememberWhole`,
   * `rememberSymbol` or `skip`.
   */
  LINE: 1,
  /** The line at `position()` is too long. Call `skip`; the scanner then continues after the line's end. */
  LONG_LINE: 2,
  /** The token buffer is full. */
  TOKENS: 3,
  /** The scanner has found an unknown event line. Answer with `remember` or `skip`. */
  EVENT: 4,
} as const;
export type StopCode = (typeof Stop)[keyof typeof Stop];

/**
 * A token below 2^31 stands for a line. It consists of the number that the reader passed to `remember` (bits 0 to 29)
 * and `SAME_ADDRESS`.
 *
 *     31        30            29 … 0
 *     │ 0 │ SAME_ADDRESS │ the reader's number │
 *     │ 1 │ 0 …                       1, 2, 3, 4 │  one of the marks below, followed by its words
 */
export const Token = {
  /** The line begins with the same kernel address (in the upper half of the 64-bit range) as the previous line. */
  SAME_ADDRESS: 0x40000000,
  /** A count line. Words: count mod 2^32, count div 2^32, position of the line's end. */
  COUNT: 0x80000000,
  /** The line `#< CPU NANOSECONDS`. Word: position of the line. */
  OPEN: 0x80000001,
  /** The line `#> CPU NANOSECONDS` with the same numbers as the last `OPEN` line. */
  CLOSE: 0x80000002,
  /** A line `#> CPU NANOSECONDS` that does not match the last `OPEN` line. */
  STRAY_CLOSE: 0x80000003,
  /** A blank line, if requested. Word: position of the line's end. */
  BLANK: 0x80000004,
  /**
   * An event line, if requested. Words: the reader's number for lines with this comm, event and, if requested, thread;
   * period mod 2^32; period div 2^32. The period is 0 if the line has none.
   */
  EVENT: 0x80000005,
  /**
   * The following lines are from another host. Written only after `readPrefixes`. Words: the host's number; number of
   * digits in its prefix (0 without a prefix), plus `HOST_KEPT`; position of the host's first line; upper and lower
   * half of the kernel address in the previous host's last line, or 0 if that line had none.
   */
  HOST: 0x80000006,
  /** The kernel address at the start of a host's first line. Words: upper and lower half of the address. */
  ADDRESS: 0x80000007,
} as const;

/**
 * Set if the previous host had no line after its own `Token.HOST`, which means that its last kernel address is
 * unchanged.
 */
export const HOST_KEPT = 0x100;

/** Maximum number of token words that one line can add. */
export const MAX_TOKEN_WORDS = 13;

export interface ScannerOptions {
  /** Maximum line length in bytes. */
  readonly maxLineLength: number;
  /** Maximum number of lines to remember. This also limits the memory for their text. */
  readonly maxLines: number;
  /**
   * Maximum number of symbols to remember, so that the scanner need not ask about new lines in a known function. Only
   * plain frames (see `plain-frame.ts`) are recognised by their symbols. @defaultValue 0
   */
  readonly maxSymbols?: number;
  /** Whether to also distinguish lines by the addresses at their start. */
  readonly addresses: boolean;
  /**
   * How an address at the start of a line is written. `prefixed`: optional white space, `0x` and hexadecimal digits.
   * `bare`, as perf prints it: white space, hexadecimal digits and a space. @defaultValue 'prefixed'
   */
  readonly addressForm?: 'prefixed' | 'bare';
  /** Whether to report blank lines. */
  readonly blanks: boolean;
  /**
   * Whether to read SystemTap's count lines (decimal digits between white space) and the framing lines that stapflame's
   * scripts print (`#< `, `#> ` or `#. `, and numbers). Otherwise they are treated as ordinary lines.
   */
  readonly marks: boolean;
  /**
   * Whether to read the first lines of `perf script` samples. They are recognised by comm and event or, with `thread`,
   * by comm, thread and event; their CPU, time and period are ignored. @defaultValue 'none'
   */
  readonly events?: 'none' | 'comm' | 'thread';
}

export interface LineScanner {
  /**
   * Returns a buffer for input. Write the next bytes at its start, then call `advance`. Earlier results (`line()`,
   * positions in tokens) become invalid.
   */
  space(): Uint8Array;
  /** Adds the `length` bytes written at the start of the last `space()` to the input. */
  advance(length: number): void;
  scan(): StopCode;
  /** The words that `scan` has written; valid until `clearTokens()`. */
  readonly tokens: Uint32Array;
  tokenCount(): number;
  clearTokens(): void;
  /**
   * Expects host prefixes (`N: `) from the next line until `restart()`. `line()` leaves the prefix out.
   */
  readPrefixes(): void;
  /** Returns the line where `scan` stopped, without its line end. */
  line(): Uint8Array;
  /** Returns the position of the start of the line where `scan` stopped. */
  position(): number;
  /**
   * Remembers the line under this token (bits 0 to 29), and emits the token. Unless addresses are distinguished, lines
   * that differ only in their addresses get the same token. If there is no room for the line, all other lines are
   * forgotten.
   */
  remember(token: number): void;
  /** Remembers the line including its address, even if addresses are not distinguished. */
  rememberWhole(token: number): void;
  /**
   * Remembers the line and its symbol; the line must be a plain frame. From now on, every plain frame with this symbol
   * in the same half of the address space gets this token, which must not be 0. Symbols are remembered longer than
   * lines.
   */
  rememberSymbol(token: number): void;
  /** Skips the line. */
  skip(): void;
  /** Forgets all lines and symbols, so that their tokens can be used for other lines. */
  forget(): void;
  /** Returns the number of bytes after the last line end. */
  pending(): number;
  /** Returns the offset of position 0 in the input. */
  base(): number;
  /** Begins a new input. Discards the old input, but still remembers its lines and symbols. */
  restart(): void;
}
