/** A 64-bit varint has at most ten bytes: nine with seven bits each, and one with the last bit. */
const LONGEST = 10;

/** A protobuf message that grows until it is taken. */
export class Bytes {
  #bytes = new Uint8Array(1 << 12);
  #used = 0;

  get length(): number {
    return this.#used;
  }

  /** Adds a whole number; a negative number as its 64-bit two's complement. */
  varint(value: number): void {
    this.#reserve(LONGEST);
    let rest = value;
    let bytes = 1;
    // `&` gets the low bits of numbers beyond 2^32, too; `>>` would not
    for (; bytes < LONGEST && (rest > 127 || rest < 0); bytes++, rest = Math.floor(rest / 128))
      this.#bytes[this.#used++] = (rest & 127) | 128;
    this.#bytes[this.#used++] = rest & (bytes < LONGEST ? 127 : 1);
  }

  /** Adds a field of bytes after its key: number × 8 + 2. */
  field(key: number, bytes: Uint8Array): void {
    this.varint(key);
    this.varint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** The bytes added since the last call; invalid once more are added. */
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
