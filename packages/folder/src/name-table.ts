/** Names of one table, and their bytes; beyond them a new one is begun with the next stack. */
const MAX_NAMES = 1 << 15;
const MAX_BYTES = 1 << 22;
/** Names for which there is room at first: all names of one stack must be in one table, however many they are. */
const FIRST_NAMES = 1 << 16;
const SLOTS_PER_NAME = 4;
const MULTIPLIER = 0x9e3779b1;

/** Control characters, which no label holds: they would pass for line ends or act on a terminal. */
const CONTROL = /[\u0000-\u001f\u007f]/g;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The names of frames by their bytes: a string is made once for each name, not for each frame. A name is
 * hashed and compared four bytes at a time (a loop over single bytes took twice as long).
 */
export class NameTable {
  #table: { readonly labels: string[] } = { labels: [] };
  /** Where the name that was found last ends. */
  end = 0;
  #slots = new Int32Array(FIRST_NAMES * SLOTS_PER_NAME).fill(-1);
  #hashes = new Int32Array(FIRST_NAMES);
  /** Where each name ends in the bytes; it begins where the one before ends. */
  #ends = new Uint32Array(FIRST_NAMES);
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  /** The table of the batches that are made now: labels by frame id. */
  get table(): { readonly labels: readonly string[] } {
    return this.#table;
  }

  /** Whether the next stack needs a new table. */
  get full(): boolean {
    return this.#table.labels.length >= MAX_NAMES || this.#used >= MAX_BYTES;
  }

  /** Begins a new table; ids of the old one stay valid in its own array of labels. */
  renew(): void {
    this.#table = { labels: [] };
    this.#slots.fill(-1);
    this.#used = 0;
  }

  /**
   * Id of the name that begins at `from` and ends at the separator, a byte given four times over, or at `to`;
   * its end is in {@link end}. Finding the separator and hashing are one pass, a word at a time: byte by byte
   * it took 4 s more for 1.6 GB.
   */
  next(view: DataView, from: number, to: number, separators: number): number {
    let hash = 0;
    let at = from;
    let tail = 0;
    for (; at + 4 <= to; at += 4) {
      const word = view.getInt32(at, true);
      const difference = word ^ separators;
      // the lowest set bit of these is that of the first byte that is the separator
      const found = (difference - 0x01010101) & ~difference & 0x80808080;
      if (found !== 0) {
        const bits = (31 - Math.clz32(found & -found)) & ~7;
        tail = word & ((1 << bits) - 1);
        at += bits >> 3;
        return this.#find(view, from, at, hash, tail);
      }
      hash = Math.imul(hash ^ word, MULTIPLIER);
      hash ^= hash >>> 15;
    }
    for (let shift = 0; at < to; at++, shift += 8) {
      const byte = view.getUint8(at);
      if (byte === (separators & 0xff)) break;
      tail |= byte << shift;
    }
    return this.#find(view, from, at, hash, tail);
  }

  #find(view: DataView, from: number, to: number, wordHash: number, tail: number): number {
    this.end = to;
    let hash = Math.imul(wordHash ^ tail ^ (to - from), MULTIPLIER);
    hash ^= hash >>> 16;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let id = slots[slot]!; id >= 0; id = slots[slot]!) {
      if (this.#hashes[id] === hash && this.#is(id, view, from, to)) return id;
      slot = (slot + 1) & mask;
    }
    const id = (slots[slot] = this.#add(view, from, to, hash));
    if (this.#table.labels.length === this.#hashes.length) this.#enlarge();
    return id;
  }

  /** Doubles the room for names. */
  #enlarge(): void {
    const names = this.#hashes.length;
    const hashes = new Int32Array(names * 2);
    const ends = new Uint32Array(names * 2);
    hashes.set(this.#hashes);
    ends.set(this.#ends);
    this.#hashes = hashes;
    this.#ends = ends;
    const slots = new Int32Array(hashes.length * SLOTS_PER_NAME).fill(-1);
    for (let id = 0; id < names; id++) {
      let slot = hashes[id]! & (slots.length - 1);
      while (slots[slot]! >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = id;
    }
    this.#slots = slots;
  }

  #is(id: number, view: DataView, from: number, to: number): boolean {
    let own = id === 0 ? 0 : this.#ends[id - 1]!;
    if (this.#ends[id]! - own !== to - from) return false;
    let at = from;
    for (; at + 4 <= to; at += 4, own += 4)
      if (view.getInt32(at, true) !== this.#view.getInt32(own, true)) return false;
    for (; at < to; at++, own++) if (view.getUint8(at) !== this.#bytes[own]) return false;
    return true;
  }

  #add(view: DataView, from: number, to: number, hash: number): number {
    const name = new Uint8Array(view.buffer, view.byteOffset + from, to - from);
    const { labels } = this.#table;
    const id = labels.length;
    labels.push(decoder.decode(name).replace(CONTROL, '\ufffd'));
    const end = this.#used + name.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#used));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#bytes.set(name, this.#used);
    this.#used = end;
    this.#ends[id] = end;
    this.#hashes[id] = hash;
    return id;
  }
}
