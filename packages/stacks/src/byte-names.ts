import { sortNames } from './name-sort.ts';

const FIRST_NAMES = 1 << 10;
/**
 * The factor by which full arrays grow. Unused memory is not resident, but the memory of the smaller array is freed
 * only by a full garbage collection. With a factor of 64, at most a megabyte of text is left unfreed; with a factor of
 * 8, it was nine megabytes.
 *
 * Unused memory is not resident only if it comes fresh from the operating system. glibc may provide up to 32 MB from
 * memory that was freed before, and then clears all of it. So what is kept for each name shares one buffer, which grows
 * from 0.6 MB to 38 MB. With a buffer for each array, a table that followed a freed one took up to 30 MB more.
 */
const GROWTH = 64;
const MULTIPLIER = 0x9e3779b1;
/** Approximate memory for a name in addition to its text, in bytes: start, hash, kind, and 1.5 to 3 slots. */
const NAME_BYTES = 18;

/**
 * A hash table of names, which are stored as bytes. The names are numbered from 1.
 *
 *     bytes   name 1 │ name 2 │ …         name n is bytes[starts[n]] … bytes[starts[n + 1] − 1]
 *     slots   a name's number, or 0; at most two thirds of the slots are used
 *
 * In these typed arrays, a name takes about 18 bytes in addition to its text. In a Map of strings, it would take 100 or
 * more.
 */
export class ByteNames {
  #size = 1;
  #starts: Uint32Array = new Uint32Array(FIRST_NAMES + 1);
  #hashes: Int32Array = new Int32Array(FIRST_NAMES);
  #kinds: Uint8Array = new Uint8Array(FIRST_NAMES);
  #slots = new Uint32Array(FIRST_NAMES * 2);
  #bytes: Uint8Array = new Uint8Array(1 << 14);
  #used = 0;
  /** A random number, so that nobody can construct names that all share a slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32) | 0;

  /** All name numbers are below this number. */
  get size(): number {
    return this.#size;
  }

  /** Approximate memory for all names, in bytes. */
  get memory(): number {
    return this.#used + this.#size * NAME_BYTES;
  }

  /** A name's bytes; valid until another name is added. */
  name(number: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[number], this.#starts[number + 1]);
  }

  /** The kind passed when the name was added. */
  kind(number: number): number {
    return this.#kinds[number]!;
  }

  /**
   * Returns the number of the name `bytes[from … to − 1]`, adding the name if it is new.
   *
   * @param kind a number from 0 to 255; the same bytes with a different kind are a different name
   */
  intern(bytes: Uint8Array, from: number, to: number, kind: number = 0): number {
    if (this.#size * 3 > this.#slots.length * 2) this.#growSlots();
    const hash = this.#hashOf(bytes, from, to, kind);
    const slot = this.#slotOf(hash, bytes, from, to, kind);
    return this.#slots[slot] || (this.#slots[slot] = this.#add(bytes.subarray(from, to), hash, kind));
  }

  /** Returns the number of the name `bytes[from … to − 1]`, or 0 if the name was not added. */
  find(bytes: Uint8Array, from: number, to: number, kind: number = 0): number {
    return this.#slots[this.#slotOf(this.#hashOf(bytes, from, to, kind), bytes, from, to, kind)]!;
  }

  #hashOf(bytes: Uint8Array, from: number, to: number, kind: number): number {
    let hash = this.#seed ^ Math.imul(to - from + (kind << 24), MULTIPLIER);
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, MULTIPLIER) ^ (hash >>> 15);
    return hash ^ (hash >>> 16);
  }

  /** Returns a name's slot, which is empty if the name was not added. */
  #slotOf(hash: number, bytes: Uint8Array, from: number, to: number, kind: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let number = this.#slots[slot]!; number !== 0; number = this.#slots[slot]!) {
      if (this.#hashes[number] === hash && this.#is(number, bytes, from, to, kind)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Compares two names by their bytes. The result is negative if `a` comes first. */
  compare(a: number, b: number): number {
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

  /** Sorts name numbers by their names' bytes. */
  sort(numbers: Uint32Array): void {
    sortNames(numbers, { bytes: this.#bytes, starts: this.#starts });
  }

  /**
   * Removes the names whose entry in `isKept` is 0. The other names move to the front and keep their order.
   *
   * @returns the new number of each kept name, indexed by its old number
   */
  keepOnly(isKept: Uint8Array): Uint32Array {
    const moved = new Uint32Array(this.#size);
    const mask = this.#slots.length - 1;
    let to = 1;
    let used = 0;
    this.#slots.fill(0);
    for (let number = 1; number < this.#size; number++) {
      if (isKept[number] === 0) continue;
      // names only move towards the front, so a name never overwrites one that has not been moved yet
      const end = this.#starts[number + 1]!;
      for (let at = this.#starts[number]!; at < end; at++) this.#bytes[used++] = this.#bytes[at]!;
      const hash = (this.#hashes[to] = this.#hashes[number]!);
      this.#kinds[to] = this.#kinds[number]!;
      this.#starts[to + 1] = used;
      let slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = to;
      moved[number] = to++;
    }
    this.#size = to;
    this.#used = used;
    return moved;
  }

  /** Removes all names but keeps the memory for new names. */
  clear(): void {
    this.#size = 1;
    this.#used = 0;
    this.#slots.fill(0);
  }

  #is(number: number, bytes: Uint8Array, from: number, to: number, kind: number): boolean {
    const start = this.#starts[number]!;
    if (this.#starts[number + 1]! - start !== to - from || this.#kinds[number] !== kind) return false;
    const own = this.#bytes;
    for (let i = from, at = start; i < to; i++, at++) if (own[at] !== bytes[i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, hash: number, kind: number): number {
    const number = this.#size++;
    if (number === this.#hashes.length) this.#growArrays(number * GROWTH);
    if (this.#used + bytes.length > this.#bytes.length)
      this.#growBytes(Math.max(this.#used + bytes.length, this.#bytes.length * GROWTH));
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
    this.#starts[number + 1] = this.#used;
    this.#hashes[number] = hash;
    this.#kinds[number] = kind;
    return number;
  }

  #growArrays(names: number): void {
    const buffer = new ArrayBuffer(names * 9 + 4);
    const starts = new Uint32Array(buffer, 0, names + 1);
    const hashes = new Int32Array(buffer, starts.byteLength, names);
    const kinds = new Uint8Array(buffer, starts.byteLength + hashes.byteLength, names);
    starts.set(this.#starts);
    hashes.set(this.#hashes);
    kinds.set(this.#kinds);
    this.#starts = starts;
    this.#hashes = hashes;
    this.#kinds = kinds;
  }

  #growBytes(length: number): void {
    const larger = new Uint8Array(length);
    larger.set(this.#bytes);
    this.#bytes = larger;
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
}
