/** Whole numbers up to this are written digit by digit. */
const MAX_INT = 0x7fffffff;
/** Texts up to this length are looked at before they are encoded: a call costs more than their bytes. */
const SHORT = 8;
/** A UTF-16 unit takes three bytes at most. */
const BYTES_A_UNIT = 3;

/**
 * Text as bytes, from many small parts. Strings that are put together leave so much garbage that the heap of a writer
 * grew by 60 MiB.
 */
export class TextBuffer {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(1 << 12);
  #used = 0;

  /** Bytes that were not taken yet. */
  get length(): number {
    return this.#used;
  }

  text(text: string): void {
    this.#reserve(text.length * BYTES_A_UNIT);
    if (text.length <= SHORT && this.#ascii(text)) return;
    this.#used += this.#encoder.encodeInto(text, this.#bytes.subarray(this.#used)).written;
  }

  /** The number as JSON has it; it has to be finite. */
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

  /** What was added since the last call; void once more is added. */
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
