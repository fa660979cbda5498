/** Whole numbers up to this one are written digit by digit. */
const MAX_INT = 0x7fffffff;
/** ASCII text up to this length is copied in a loop, because calling the encoder takes longer. */
const SHORT = 8;
/** Maximum number of bytes that a UTF-16 code unit takes in UTF-8. */
const BYTES_A_UNIT = 3;

/**
 * Collects text as bytes from many small parts. Joining strings instead left 60 MiB of garbage on a writer's heap.
 */
export class TextBuffer {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(1 << 12);
  #used = 0;

  /** Number of bytes that have not been taken yet. */
  get length(): number {
    return this.#used;
  }

  text(text: string): void {
    this.#reserve(text.length * BYTES_A_UNIT);
    if (text.length <= SHORT && this.#ascii(text)) return;
    this.#used += this.#encoder.encodeInto(text, this.#bytes.subarray(this.#used)).written;
  }

  /** Adds a finite number as it is written in JSON. */
  number(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > MAX_INT) {
      this.text(String(value));
      return;
    }
    let last = this.#used;
    for (let rest = value; rest > 9; rest = (rest / 10) | 0) last++;
    this.#reserve(last - this.#used + 1);
    this.#used = last + 1;
    for (let rest = value, at = last; at > last - 10; at--, rest = (rest / 10) | 0) {
      this.#bytes[at] = 48 + (rest % 10);
      if (rest < 10) return;
    }
  }

  /** Returns the bytes added since the last call. They are valid until more text is added. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#used);
    this.#used = 0;
    return taken;
  }

  #ascii(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      this.#bytes[this.#used + i] = unit;
    }
    this.#used += text.length;
    return true;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array((this.#used + bytes) * 2);
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
  }
}
