/** Maximum number of bytes in a 64-bit varint: nine with seven bits each, and one with the last bit. */
const LONGEST = 10;

/** Builds a protobuf message; `take` returns the message and starts a new one. */
export class Bytes {
  #bytes = new Uint8Array(1 << 12);
  #used = 0;

  get length(): number {
    return this.#used;
  }

  /** Adds a whole number. A negative number is written as its 64-bit two's complement. */
  varint(value: number): void {
    this.#reserve(LONGEST);
    let rest = value;
    let bytes = 1;
    // `&` yields the low bits even for numbers above 2^32, but `>>` would lose the high bits
    for (; bytes < LONGEST && (rest > 127 || rest < 0); bytes++, rest = Math.floor(rest / 128))
      this.#bytes[this.#used++] = (rest & 127) | 128;
    this.#bytes[this.#used++] = rest & (bytes < LONGEST ? 127 : 1);
  }

  /** Adds a field that holds bytes. `key` is the field's number × 8 + 2. */
  field(key: number, bytes: Uint8Array): void {
    this.varint(key);
    this.varint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Returns the bytes added since the last call. They are valid only until more bytes are added. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#used);
    this.#used = 0;
    return taken;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array((this.#used + bytes) * 2);
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
  }
}
