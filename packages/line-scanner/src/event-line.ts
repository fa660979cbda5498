/**
 * Reads the first line of a `perf script` sample. It is read backwards, because a comm may contain blanks.
 *
 *     V8 WorkerThread 24636/25607 [000] 94564.109216:     250000 cpu-clock:uhH:
 *     ^comm           ^thread     ^CPU  ^time             ^period ^event
 *
 * The line's key consists of its comm, its event, whether it has a period and, if requested, its thread. The CPU and
 * the period may be missing. A line in any other format is treated as an ordinary line.
 */

const LF = 10;
const SPACE = 32;
const DOT = 46;
const SLASH = 47;
const ZERO = 48;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
const TILDE = 126;

const MOST_BLANKS = 20;
const MOST_BLANKS_AROUND = 40;
const MOST_DIGITS = 9;
const MOST_TIME_DIGITS = 10;
const MOST_PERIOD_DIGITS = 15;
const LONGEST_COMM = 41;
const LONGEST_EVENT = 200;

export class EventLine {
  /** The last line's key is in the first {@link keyLength} bytes. */
  readonly key: Uint8Array = new Uint8Array(384);
  keyLength = 0;
  /** The last line's period, or 0 if the line has none. */
  period = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  /** The start of the part that has already been read. The line is read backwards. */
  #at = 0;

  /** Reads the line `bytes[from … to − 1]`. Returns `false` if the line is not an event line. */
  read(bytes: Uint8Array, from: number, to: number, threads: boolean): boolean {
    this.#bytes = bytes;
    this.#start = from;
    this.#at = to;
    if (this.#blanks() > MOST_BLANKS_AROUND || !this.#skip(COLON)) return false;
    const eventEnd = this.#at;
    while (this.#at > from && bytes[this.#at - 1]! > SPACE && bytes[this.#at - 1]! <= TILDE) this.#at--;
    const event = this.#at;
    if (event === eventEnd || eventEnd - event > LONGEST_EVENT || !this.#gap()) return false;
    const hasPeriod = this.#at > from && bytes[this.#at - 1] !== COLON;
    if (!this.#readPeriod(hasPeriod) || !this.#readTime()) return false;
    const threadEnd = this.#at;
    if (!this.#digits(MOST_DIGITS) || (this.#skip(SLASH) && !this.#digits(MOST_DIGITS))) return false;
    const thread = this.#at;
    if (!this.#gap()) return false;
    const commEnd = this.#at;
    const comm = this.#commStart(commEnd);
    if (comm < 0) return false;
    this.keyLength = 0;
    this.#append(comm, commEnd);
    if (threads) this.#append(thread, threadEnd);
    this.#append(event, eventEnd);
    this.key[this.keyLength++] = hasPeriod ? 1 : 0;
    return true;
  }

  #readPeriod(hasPeriod: boolean): boolean {
    this.period = 0;
    if (!hasPeriod) return true;
    const end = this.#at;
    if (!this.#digits(MOST_PERIOD_DIGITS)) return false;
    for (let i = this.#at; i < end; i++) this.period = this.period * 10 + this.#bytes[i]! - ZERO;
    return this.#blanks() <= MOST_BLANKS_AROUND;
  }

  /** Reads `[000] 94564.109216:`, with or without the CPU. */
  #readTime(): boolean {
    if (!this.#skip(COLON) || !this.#digits(MOST_DIGITS) || !this.#skip(DOT)) return false;
    if (!this.#digits(MOST_TIME_DIGITS) || !this.#gap()) return false;
    return !this.#skip(CLOSE) || (this.#digits(MOST_DIGITS) && this.#skip(OPEN) && this.#gap());
  }

  /**
   * Returns the start of the comm, or −1 if there is none. Text with a colon is rejected, because it might be the time.
   */
  #commStart(end: number): number {
    const bytes = this.#bytes;
    let start = this.#start;
    while (start < end && bytes[start] === SPACE) start++;
    if (start - this.#start > MOST_BLANKS_AROUND || start === end || end - start > LONGEST_COMM) return -1;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte < SPACE || byte > TILDE || byte === COLON) return -1;
    }
    return start;
  }

  #append(from: number, to: number): void {
    this.key.set(this.#bytes.subarray(from, to), this.keyLength);
    this.keyLength += to - from;
    this.key[this.keyLength++] = LF;
  }

  #skip(byte: number): boolean {
    if (this.#at === this.#start || this.#bytes[this.#at - 1] !== byte) return false;
    this.#at--;
    return true;
  }

  #blanks(): number {
    const end = this.#at;
    while (this.#at > this.#start && this.#bytes[this.#at - 1] === SPACE) this.#at--;
    return end - this.#at;
  }

  #gap(): boolean {
    const blanks = this.#blanks();
    return blanks > 0 && blanks <= MOST_BLANKS;
  }

  #digits(most: number): boolean {
    const end = this.#at;
    for (; this.#at > this.#start; this.#at--) {
      const digit = this.#bytes[this.#at - 1]! - ZERO;
      if (digit < 0 || digit > 9) break;
    }
    return end > this.#at && end - this.#at <= most;
  }
}
