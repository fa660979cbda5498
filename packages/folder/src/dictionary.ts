import { ByteNames } from '@stapflame/stacks';

/** The order of names by their UTF-8 bytes. Names are numbered from 1; number 0 is not a name, and its rank is 0. */
export interface Ranking {
  /** The rank of each name, indexed by the name's number. */
  readonly rankOf: Uint32Array;
  /** The number of each name, indexed by rank. */
  readonly order: Uint32Array;
}

const FIRST_NAMES = 1 << 10;
/** Number of bytes used per name in `#order` and `#ranks` together. */
const RANK_BYTES = 8;

/** The names in one generation of stacks, and their order. */
export class NameDictionary {
  readonly #names = new ByteNames();
  #budget: number;
  #order = new Uint32Array(FIRST_NAMES);
  /** Number of used entries in `#order`. */
  #ordered = 1;
  #ranks = new Uint32Array(0);

  /** @param budget the initial memory limit for all names, in bytes */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** All name numbers are below this number. */
  get size(): number {
    return this.#names.size;
  }

  /** Whether the names have used up their budget. Even so, the names in one more stack may be added. */
  get full(): boolean {
    return this.#names.memory + this.#names.size * RANK_BYTES >= this.#budget;
  }

  /** Doubles the budget, up to `most`. Returns `false` if the budget was already that large. */
  enlarge(most: number): boolean {
    const isSmaller = this.#budget < most;
    if (isSmaller) this.#budget = Math.min(this.#budget * 2, most);
    return isSmaller;
  }

  /** Returns a name's bytes, which are valid until another name is added. */
  name(number: number): Uint8Array {
    return this.#names.name(number);
  }

  /** Returns the number of the name `bytes[0 … length − 1]`, which is added if it is new. */
  intern(bytes: Uint8Array, length: number): number {
    return this.#names.intern(bytes, 0, length);
  }

  /**
   * Ranks all names. The result is valid until the next call. Only the names added since the last call are sorted, and
   * then merged into the existing order.
   */
  ranking(): Ranking {
    const names = this.#names;
    const { size } = names;
    const added = new Uint32Array(size - this.#ordered);
    for (let i = 0; i < added.length; i++) added[i] = this.#ordered + i;
    names.sort(added);
    if (size > this.#order.length) this.#growOrder(size * 2);
    const order = this.#order;
    // Insert from the end so that no number is overwritten before it has been moved.
    for (let next = added.length - 1, old = this.#ordered - 1; next >= 0; next--) {
      const place = this.#namesBefore(added[next]!, old);
      order.copyWithin(place + next + 2, place + 1, old + 1);
      order[place + next + 1] = added[next]!;
      old = place;
    }
    this.#ordered = size;
    if (this.#ranks.length < size) this.#ranks = new Uint32Array(size * 2);
    for (let rank = 1; rank < size; rank++) this.#ranks[order[rank]!] = rank;
    return { order: order.subarray(0, size), rankOf: this.#ranks.subarray(0, size) };
  }

  /**
   * Returns how many of the first `count` names in `#order` come before this name. It looks at the last names first, and
   * then at names twice as far away each time: comparing names takes long, because their bytes are far from each other.
   */
  #namesBefore(name: number, count: number): number {
    const order = this.#order;
    let low = count;
    let high = count;
    for (let step = 1; low > 0 && this.#names.compare(order[low]!, name) > 0; step *= 2) {
      high = low - 1;
      low = Math.max(0, high - step);
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#names.compare(order[middle]!, name) > 0) high = middle - 1;
      else low = middle;
    }
    return low;
  }

  /** Removes all names but keeps the memory for new names. */
  clear(): void {
    this.#names.clear();
    this.#ordered = 1;
  }

  #growOrder(length: number): void {
    const larger = new Uint32Array(length);
    larger.set(this.#order);
    this.#order = larger;
  }
}
