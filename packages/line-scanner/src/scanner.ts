/**
 * A scanner reads text whose lines repeat, such as stack traces: bytes in, 32-bit tokens out. A line that it has
 * seen before becomes the token that it got then; every byte of it is compared first. It stops at any other line
 * and asks its reader what the line is.
 *
 *     scanner.space().set(bytes), scanner.advance(bytes.length)
 *     for (;;) switch (scanner.scan()) {
 *       case Stop.INPUT: …the tokens so far, then the next bytes
 *       case Stop.LINE: …the tokens so far, then remember(token) or skip() for the line at line()
 *
 * There are two scanners with the same behaviour: the plain one in `reference.ts`, which is the one to read, and
 * the one in WebAssembly.
 */

/** Why `scan()` came back. */
export const Stop = {
  /** All complete lines are read. */
  INPUT: 0,
  /** An unknown line: `line()` shows it; answer with `remember`, `rememberWhole`, `rememberSymbol` or `skip`. */
  LINE: 1,
  /** A line over the limit begins at `position()`; the scanner goes on after its end. */
  LONG_LINE: 2,
  /** The token buffer is full. */
  TOKENS: 3,
  /**
   * An event line of an unknown kind; answer as for `LINE`. The word passed to `remember` appears in
   * `Token.EVENT`.
   */
  EVENT: 4,
} as const;
export type StopCode = (typeof Stop)[keyof typeof Stop];

/**
 * A token below 2^31 is a line: the word with which it was remembered, whose bits 0 to 29 are the reader's choice,
 * and `SAME_ADDRESS`.
 *
 *     31        30            29 … 0
 *     │ 0 │ SAME_ADDRESS │ the reader's word │
 *     │ 1 │ 0 …                     1, 2, 3, 4 │  the marks below, each with the words that follow it
 */
export const Token = {
  /** The line begins with the same address in the upper half of 64 bits (the kernel's) as the line before it. */
  SAME_ADDRESS: 0x40000000,
  /** A count line. Words: count mod 2^32, count div 2^32, position of the line's end. */
  COUNT: 0x80000000,
  /** `#< CPU NANOSECONDS`. Word: position of the line. */
  OPEN: 0x80000001,
  /** `#> CPU NANOSECONDS`, the same as the last OPEN. */
  CLOSE: 0x80000002,
  /** `#> CPU NANOSECONDS` that closes no OPEN. */
  STRAY_CLOSE: 0x80000003,
  /** A blank line, if requested. Word: position of the line's end. */
  BLANK: 0x80000004,
  /**
   * An event line, if requested. Words: the reader's word for lines with this comm, event and, if requested, thread;
   * period mod 2^32; period div 2^32. The period is 0 if such lines have none.
   */
  EVENT: 0x80000005,
  /**
   * If prefixes are read: the lines that follow are from another host. Words: the host's number; how many digits its
   * prefix has, 0 without a prefix, and `HOST_KEPT`; position of the first line; the upper and the lower half of the
   * kernel address of the previous host's last line, 0 if that line had none.
   */
  HOST: 0x80000006,
  /** The first line of a host begins with this address of the kernel. Words: its upper and its lower half. */
  ADDRESS: 0x80000007,
} as const;

/** No line of the previous host was read since its own `Token.HOST`, so its last kernel address has not changed. */
export const HOST_KEPT = 0x100;

/** The most words that one line can add to the tokens. */
export const MAX_TOKEN_WORDS = 13;

export interface ScannerOptions {
  /** Longest line in bytes. */
  readonly maxLineLength: number;
  /** The most lines kept for comparison; this also bounds their text. */
  readonly maxLines: number;
  /**
   * The most symbols kept, so that the scanner need not ask about a new line of a known function. Above 0, it
   * reads frames of the form in `plain-frame.ts`. @defaultValue 0
   */
  readonly maxSymbols?: number;
  /** Also distinguish lines by the address that they begin with. */
  readonly addresses: boolean;
  /**
   * How an address begins a line: optional white space, `0x` and hexadecimal digits; or, as perf prints it, white
   * space, only the digits, and a space. @defaultValue 'prefixed'
   */
  readonly addressForm?: 'prefixed' | 'bare';
  /** Report blank lines. */
  readonly blanks: boolean;
  /**
   * Read SystemTap's count lines (decimal digits between white space) and the framing lines of stapflame's scripts (`#<
   * `, `#> `, `#. ` and numbers); otherwise they are lines like any other.
   */
  readonly marks: boolean;
  /**
   * Read the lines with which samples of perf script begin, and know them by comm and event, or by comm, thread and
   * event, whatever their CPU, time and period. @defaultValue 'none'
   */
  readonly events?: 'none' | 'comm' | 'thread';
}

export interface LineScanner {
  /**
   * Where the next bytes of input go: write up to `length` bytes at its start, then call `advance`. Afterwards, earlier
   * results (`line()`, positions in tokens) are invalid.
   */
  space(): Uint8Array;
  /** Tells the scanner how many bytes were written. */
  advance(length: number): void;
  scan(): StopCode;
  /** Words written by `scan`; valid until `clearTokens()`. */
  readonly tokens: Uint32Array;
  tokenCount(): number;
  clearTokens(): void;
  /**
   * From the next line on until `restart()`, lines may begin with the prefix of a host, `N: `, which `line()` leaves
   * out.
   */
  readPrefixes(): void;
  /** The line at which `scan` stopped, without its line end. */
  line(): Uint8Array;
  /** Where that line starts. */
  position(): number;
  /**
   * Remembers the line as this token (bits 0 to 29) and emits it; unless addresses are distinguished, a line with the
   * same text after another address is the same. If there is no room, all other lines are forgotten.
   */
  remember(token: number): void;
  /** Remembers the line by all of its bytes, with its address. */
  rememberWhole(token: number): void;
  /**
   * Remembers the line, which is a plain frame, and its symbol: from now on every plain frame with this symbol, of the
   * same half of the address space, is this token, which must not be 0. Symbols are kept longer than lines.
   */
  rememberSymbol(token: number): void;
  /** Skips the line. */
  skip(): void;
  /** Forgets every line and every symbol: tokens have another meaning from now on. */
  forget(): void;
  /** How many bytes there are after the last line end. */
  pending(): number;
  /** Offset in the input of position 0. */
  base(): number;
  /** Forgets the input read so far and keeps the known lines: a new input begins. */
  restart(): void;
}
