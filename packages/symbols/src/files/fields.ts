/** Reads numbers from bytes. Callers compare offsets with the size first: a number beyond the end causes an error. */
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
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    return this.#view.getUint16(at, this.littleEndian);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, this.littleEndian);
  }

  big32(at: number): number {
    return this.#view.getUint32(at, false);
  }

  u64(at: number): number {
    return Number(this.#view.getBigUint64(at, this.littleEndian));
  }

  hexadecimal(at: number, bytes: number): string {
    return Array.from(this.#bytes.subarray(at, at + bytes), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join('');
  }
}
