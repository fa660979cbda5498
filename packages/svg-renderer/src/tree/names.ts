const EMPTY = -1;

/** Each name once, by a number; as bytes, so that names are found without a string for each. */
export class Names {
  #bytes: Uint8Array = new Uint8Array(1 << 16);
  #used = 0;
  /** Where each name begins; one more for the end of the last. */
  readonly #starts: number[] = [0];
  #table: Int32Array = new Int32Array(1 << 12).fill(EMPTY);
  readonly #hashes: number[] = [];

  get count(): number {
    return this.#hashes.length;
  }

  /** Number of the name `bytes[from … to)`. */
  idOf(bytes: Uint8Array, from: number, to: number): number {
    let hash = 0x811c9dc5;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    hash = (hash ^ (hash >>> 15)) >>> 0;
    let slot = hash & (this.#table.length - 1);
    for (let id = this.#table[slot]!; id !== EMPTY; id = this.#table[slot]!) {
      if (this.#hashes[id] === hash && this.#is(id, bytes, from, to)) return id;
      slot = (slot + 1) & (this.#table.length - 1);
    }
    this.#table[slot] = this.count;
    return this.#add(bytes, from, to, hash);
  }

  /** Rank of each name in UTF-8 byte order. */
  ranks(): Int32Array {
    const slices = Array.from({ length: this.count }, (_, id) => this.#slice(id));
    const order = Array.from(slices.keys()).sort((a, b) => compareBytes(slices[a]!, slices[b]!));
    const ranks = new Int32Array(this.count);
    for (const [rank, id] of order.entries()) ranks[id] = rank;
    return ranks;
  }

  /** Every name; invalid UTF-8 becomes U+FFFD. */
  texts(): string[] {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    return Array.from({ length: this.count }, (_, id) => decoder.decode(this.#slice(id)));
  }

  #slice(id: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[id], this.#starts[id + 1]);
  }

  #is(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[id]!;
    if (this.#starts[id + 1]! - start !== to - from) return false;
    const own = this.#bytes;
    for (let i = from; i < to; i++) if (own[start + i - from] !== bytes[i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const end = this.#used + to - from;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(from, to), this.#used);
    this.#used = end;
    this.#starts.push(end);
    this.#hashes.push(hash);
    if (this.count * 2 > this.#table.length) this.#grow();
    return this.count - 1;
  }

  #grow(): void {
    const table = new Int32Array(this.#table.length * 2).fill(EMPTY);
    for (const [id, hash] of this.#hashes.entries()) {
      let slot = hash & (table.length - 1);
      while (table[slot] !== EMPTY) slot = (slot + 1) & (table.length - 1);
      table[slot] = id;
    }
    this.#table = table;
  }
}

/** UTF-8 byte order. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
