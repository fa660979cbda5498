import type { SpillFile, SpillStore } from '@stapflame/stacks';
import { RankWriter } from './ranks.ts';

/**
 * A list of distinct names on disk, in order. Each name is written as
 *
 *     number of bytes shared with the previous name │ number of remaining bytes │ remaining bytes …
 *
 * Numbers are written as LEB128. The first name in each block of 16 is written in full, and the block's position in the
 * file is kept in memory, so that a name can be found by its rank.
 */

const BLOCK = 16;
const BUFFER = 1 << 14;
/** Size of a page, in bytes, for a reader that keeps several pages. */
const PAGE = 1 << 12;

export class NameListWriter {
  readonly #file: SpillFile;
  readonly #buffer = new Uint8Array(BUFFER);
  #used = 0;
  #written = 0;
  #previous: Uint8Array = new Uint8Array(256);
  #previousLength = 0;
  #count = 0;
  #blocks = new Float64Array(1 << 8);

  constructor(file: SpillFile) {
    this.#file = file;
  }

  /** Appends the name `name[0 … length − 1]`. Names must be added in the order of their bytes. */
  add(name: Uint8Array, length: number): void {
    let shared = 0;
    if (this.#count % BLOCK === 0) this.#beginBlock();
    else {
      const most = Math.min(length, this.#previousLength);
      while (shared < most && this.#previous[shared] === name[shared]) shared++;
    }
    this.#number(shared);
    this.#number(length - shared);
    for (let i = shared; i < length; i++) this.#byte(name[i]!);
    this.#keep(name, length);
    this.#count++;
  }

  #keep(name: Uint8Array, length: number): void {
    if (length > this.#previous.length) this.#previous = new Uint8Array(length * 2);
    for (let i = 0; i < length; i++) this.#previous[i] = name[i]!;
    this.#previousLength = length;
  }

  #beginBlock(): void {
    const block = this.#count / BLOCK;
    if (block === this.#blocks.length) {
      const larger = new Float64Array(block * 2);
      larger.set(this.#blocks);
      this.#blocks = larger;
    }
    this.#blocks[block] = this.#written + this.#used;
  }

  #number(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.#byte((rest & 0x7f) | 0x80);
    this.#byte(rest);
  }

  #byte(byte: number): void {
    if (this.#used === BUFFER) this.#flush();
    this.#buffer[this.#used++] = byte;
  }

  #flush(): void {
    this.#file.write(this.#buffer.subarray(0, this.#used));
    this.#written += this.#used;
    this.#used = 0;
  }

  end(): NameList {
    this.#flush();
    return { file: this.#file, size: this.#count, blocks: this.#blocks, bytes: this.#written };
  }
}

/** A finished list of names on disk. */
export interface NameList {
  readonly file: SpillFile;
  readonly size: number;
  /** The position of each block in the file. */
  readonly blocks: Float64Array;
  /** Length of the list in the file, in bytes. {@link mergeNameLists} appends the names' ranks to the same file. */
  readonly bytes: number;
}

/**
 * Reads the names in a list. The file is read in pages. A reader has n slots, each for one page: page p of the file
 * goes into slot p mod n.
 */
export class NameListReader {
  readonly #list: NameList;
  readonly #pages: Uint8Array;
  readonly #pageBytes: number;
  /** The number of the page in each slot, and the page's length. */
  readonly #numbers: Int32Array;
  readonly #lengths: Int32Array;
  #page = -1;
  #at = 0;
  #end = 0;
  #next = 0;
  /** The first `length` bytes contain the current name. */
  bytes: Uint8Array = new Uint8Array(256);
  length = 0;

  /** @param slots number of pages to keep; keep several if names are not read in the list's order */
  constructor(list: NameList, slots: number = 1) {
    this.#list = list;
    this.#pageBytes = slots === 1 ? BUFFER : PAGE;
    this.#pages = new Uint8Array(this.#pageBytes * slots);
    this.#numbers = new Int32Array(slots).fill(-1);
    this.#lengths = new Int32Array(slots);
  }

  /** Moves to the next name. Returns `false` at the end. */
  next(): boolean {
    if (this.#next === this.#list.size) return false;
    this.#next++;
    const shared = this.#number();
    const rest = this.#number();
    this.length = shared + rest;
    if (this.length > this.bytes.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.#copy(shared, rest);
    return true;
  }

  /** Copies the next `count` bytes to position `to` of the current name. */
  #copy(to: number, count: number): void {
    const { bytes } = this;
    const pages = this.#pages;
    const at = this.#at;
    if (count > this.#end - at) for (let i = 0; i < count; i++) bytes[to + i] = this.#byte();
    else {
      // on average, eight names are read to find one, so a function call for each byte would make this take twice as
      // long
      for (let i = 0; i < count; i++) bytes[to + i] = pages[at + i]!;
      this.#at = at + count;
    }
  }

  /** Moves to the name at this position in the list, counted from 0. */
  seek(place: number): void {
    const block = Math.floor(place / BLOCK);
    const begin = block * BLOCK;
    // usually, the requested name comes after the current one in the same block, and no jump is needed
    if (!(this.#next >= begin && this.#next <= place)) {
      const position = this.#list.blocks[block]!;
      this.#next = begin;
      this.#load(Math.floor(position / this.#pageBytes));
      this.#at += position % this.#pageBytes;
    }
    while (this.#next <= place) this.next();
  }

  #number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  #byte(): number {
    if (this.#at === this.#end) this.#load(this.#page + 1);
    return this.#pages[this.#at++]!;
  }

  /** Moves to the start of a page, and reads the page unless it is already in its slot. */
  #load(page: number): void {
    const slot = page % this.#numbers.length;
    const start = slot * this.#pageBytes;
    if (this.#numbers[slot] !== page) {
      const room = this.#pages.subarray(start, start + this.#pageBytes);
      this.#lengths[slot] = this.#list.file.read(room, page * this.#pageBytes);
      this.#numbers[slot] = page;
    }
    this.#page = page;
    this.#at = start;
    this.#end = start + this.#lengths[slot]!;
  }
}

/**
 * Merges name lists into one. A name that is in several lists is written only once. The ranks of a list's names in the
 * merged list, counted from 1, are appended to the file of that list: separate files for them might exceed the limit on
 * open files.
 */
export function mergeNameLists(lists: readonly NameList[], store: SpillStore): NameList {
  const writer = new NameListWriter(store.create());
  const heads = lists.map((list) => ({
    reader: new NameListReader(list),
    ranks: new RankWriter(list.file),
  }));
  let open = heads.filter(({ reader }) => reader.next());
  for (let rank = 1; open.length > 0; rank++) {
    const { reader: least } = open.reduce((a, b) => (compareHeads(b.reader, a.reader) < 0 ? b : a));
    writer.add(least.bytes, least.length);
    const equal = open.filter(({ reader }) => compareHeads(reader, least) === 0);
    for (const head of equal) head.ranks.add(rank);
    const ended = equal.filter(({ reader }) => !reader.next());
    if (ended.length > 0) open = open.filter((head) => !ended.includes(head));
  }
  for (const { ranks } of heads) ranks.end();
  return writer.end();
}

function compareHeads(a: NameListReader, b: NameListReader): number {
  return compareBytes(a.bytes, a.length, b.bytes, b.length);
}

function compareBytes(a: Uint8Array, lengthA: number, b: Uint8Array, lengthB: number): number {
  const most = Math.min(lengthA, lengthB);
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return lengthA - lengthB;
}
