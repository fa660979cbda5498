/** Places of names in UTF-8 byte order. Number 0 stands for none and has rank 0. */
export interface Ranking {
  /** Rank by number. */
  readonly rankOf: Uint32Array;
  /** Number by rank. */
  readonly order: Uint32Array;
}

const FIRST_NAMES = 1 << 10;
const MULTIPLIER = 0x9e3779b1;
/** Bytes a name takes beside its own: start, hash, place in the order, rank, and two to four slots. */
const NAME_BYTES = 28;

/**
 * Names by their bytes, each with a number from 1.
 *
 *     bytes   name 1 │ name 2 │ …         starts[n] … starts[n + 1]
 *     slots   a number, or 0; at most half full
 *
 * In typed arrays a name takes some 28 bytes beside its own; a Map of strings takes 100 and more.
 */
export class NameDictionary {
  readonly #budget: number;
  #size = 1;
  #starts = new Uint32Array(FIRST_NAMES + 1);
  #hashes = new Int32Array(FIRST_NAMES);
  #slots = new Uint32Array(FIRST_NAMES * 2);
  #bytes: Uint8Array = new Uint8Array(1 << 14);
  #used = 0;
  /** Differs from run to run, so that no input can be made whose names all fall into one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32) | 0;
  #order = new Uint32Array(FIRST_NAMES);
  /** How many of the names stand in `order`. */
  #ordered = 1;
  #ranks = new Uint32Array(0);

  /** @param budget bytes that all names may take together */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Numbers are below this. */
  get size(): number {
    return this.#size;
  }

  /** The names take as much as they may; one more stack's still fit. */
  get full(): boolean {
    return this.#used + this.#size * NAME_BYTES >= this.#budget;
  }

  /** The bytes of a name; void once another one is added. */
  name(number: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[number], this.#starts[number + 1]);
  }

  /** The number of the name `bytes[0 … length − 1]`; added where it is new. */
  intern(bytes: Uint8Array, length: number): number {
    let hash = this.#seed ^ length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, MULTIPLIER) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    if (this.#size * 2 > this.#slots.length) this.#growSlots();
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let number = this.#slots[slot]!; number !== 0; number = this.#slots[slot]!) {
      if (this.#hashes[number] === hash && this.#is(number, bytes, length)) return number;
      slot = (slot + 1) & mask;
    }
    return (this.#slots[slot] = this.#add(bytes, length, hash));
  }

  #is(number: number, bytes: Uint8Array, length: number): boolean {
    const start = this.#starts[number]!;
    if (this.#starts[number + 1]! - start !== length) return false;
    const own = this.#bytes;
    for (let i = 0; i < length; i++) if (own[start + i] !== bytes[i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, length: number, hash: number): number {
    const number = this.#size++;
    if (number === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, number * 2);
      this.#starts = grown(this.#starts, number * 2 + 1);
    }
    if (this.#used + length > this.#bytes.length)
      this.#bytes = grown(this.#bytes, Math.max(this.#used + length, this.#bytes.length * 2));
    this.#bytes.set(bytes.subarray(0, length), this.#used);
    this.#used += length;
    this.#starts[number + 1] = this.#used;
    this.#hashes[number] = hash;
    return number;
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 1; number < this.#size; number++) {
      let slot = this.#hashes[number]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.#slots = slots;
  }

  /**
   * The order of the names that are there now; void once it is asked for again. Only what was added since is sorted,
   * and merged into what was in order before.
   */
  ranking(): Ranking {
    const added = new Uint32Array(this.#size - this.#ordered);
    for (let i = 0; i < added.length; i++) added[i] = this.#ordered + i;
    added.sort((a, b) => this.#compare(a, b));
    if (this.#size > this.#order.length) this.#order = grown(this.#order, this.#size * 2);
    const order = this.#order;
    // from the end, so that nothing is overwritten before it has moved
    for (let to = this.#size - 1, old = this.#ordered - 1, next = added.length - 1; next >= 0; to--) {
      const isOld = old > 0 && this.#compare(order[old]!, added[next]!) > 0;
      order[to] = isOld ? order[old--]! : added[next--]!;
    }
    this.#ordered = this.#size;
    if (this.#ranks.length < this.#size) this.#ranks = new Uint32Array(this.#size * 2);
    for (let rank = 1; rank < this.#size; rank++) this.#ranks[order[rank]!] = rank;
    return { order: order.subarray(0, this.#size), rankOf: this.#ranks.subarray(0, this.#size) };
  }

  #compare(a: number, b: number): number {
    const bytes = this.#bytes;
    const [startA, startB] = [this.#starts[a]!, this.#starts[b]!];
    const [lengthA, lengthB] = [this.#starts[a + 1]! - startA, this.#starts[b + 1]! - startB];
    const length = Math.min(lengthA, lengthB);
    for (let i = 0; i < length; i++) {
      const difference = bytes[startA + i]! - bytes[startB + i]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array);
  return larger;
}
