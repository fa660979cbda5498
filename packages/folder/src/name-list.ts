import type { SpillFile } from '@stapflame/stacks';

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

  /** Appends the name `name[0 … length − 1]`. Names must be added in order. */
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
    return { file: this.#file, size: this.#count, blocks: this.#blocks };
  }
}

/** A finished list on disk. */
export interface NameList {
  readonly file: SpillFile;
  readonly size: number;
  /** Where each block begins in the file. */
  readonly blocks: Float64Array;
}

/** Reads the names in a list. */
export class NameListReader {
  readonly #list: NameList;
  readonly #buffer = new Uint8Array(BUFFER);
  #at = 0;
  #end = 0;
  #position = 0;
  #next = 0;
  /** The current name is in the first `length` bytes. */
  bytes: Uint8Array = new Uint8Array(256);
  length = 0;

  constructor(list: NameList) {
    this.#list = list;
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
    for (let i = shared; i < this.length; i++) this.bytes[i] = this.#byte();
    return true;
  }

  /** Moves to the name at this position in the list, counted from 0. */
  seek(place: number): void {
    const block = Math.floor(place / BLOCK);
    const begin = block * BLOCK;
    // usually, the requested name is in the current block, at or after the current name, so no jump is needed
    if (!(this.#next >= begin && this.#next <= place)) {
      this.#next = begin;
      const position = this.#list.blocks[block]!;
      const buffered = this.#position - this.#end;
      if (position >= buffered && position < this.#position) this.#at = position - buffered;
      else {
        this.#position = position;
        this.#at = 0;
        this.#end = 0;
      }
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
    if (this.#at === this.#end) {
      this.#end = this.#list.file.read(this.#buffer, this.#position);
      this.#position += this.#end;
      this.#at = 0;
    }
    return this.#buffer[this.#at++]!;
  }
}

/** The result of merging name lists. */
export interface MergedNames {
  readonly list: NameList;
  /** For each input list, its names' ranks in the merged list. Positions and ranks are counted from 1. */
  readonly rankOf: readonly Uint32Array[];
}

/** Merges name lists into one. A name that is in several lists is written only once. */
export function mergeNameLists(lists: readonly NameList[], file: SpillFile): MergedNames {
  const rankOf = lists.map(({ size }) => new Uint32Array(size + 1));
  const writer = new NameListWriter(file);
  const heads = lists.map((list, index) => ({ reader: new NameListReader(list), index, at: 0 }));
  let open = heads.filter(({ reader }) => reader.next());
  for (let rank = 1; open.length > 0; rank++) {
    const least = open.reduce((a, b) => (compareHeads(b.reader, a.reader) < 0 ? b : a));
    writer.add(least.reader.bytes, least.reader.length);
    const atPlace = open.filter(({ reader }) => compareHeads(reader, least.reader) === 0);
    let ended = false;
    for (const head of atPlace) {
      rankOf[head.index]![++head.at] = rank;
      if (!head.reader.next()) ended = true;
    }
    if (ended) open = open.filter(({ at, index }) => at < lists[index]!.size);
  }
  return { list: writer.end(), rankOf };
}

function compareHeads(a: NameListReader, b: NameListReader): number {
  return compareBytes(a.bytes, a.length, b.bytes, b.length);
}

function compareBytes(a: Uint8Array, lengthA: number, b: Uint8Array, lengthB: number): number {
  const most = Math.min(lengthA, lengthB);
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return lengthA - lengthB;
}
