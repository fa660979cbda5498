/** Reads numbers from bytes. A number beyond the end of the bytes is 0. */
export class Fields {
  littleEndian: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, littleEndian = true) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.littleEndian = littleEndian;
  }

  get size(): number {
    return this.#bytes.length;
  }

  byte(at: number): number {
    return this.#bytes[at] ?? 0;
  }

  u16(at: number): number {
    return at + 2 <= this.size ? this.#view.getUint16(at, this.littleEndian) : 0;
  }

  u32(at: number): number {
    return at + 4 <= this.size ? this.#view.getUint32(at, this.littleEndian) : 0;
  }

  big32(at: number): number {
    return this.#view.getUint32(at, false);
  }

  u64(at: number): number {
    return at + 8 <= this.size ? Number(this.#view.getBigUint64(at, this.littleEndian)) : 0;
  }

  hexadecimal(at: number, bytes: number): string {
    return Array.from(this.#bytes.subarray(at, at + bytes), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('');
  }
}
