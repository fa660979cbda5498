import { ByteNames, roundedSum, type FrameTable } from '@stapflame/stacks';
import { larger } from './larger.ts';
import { NameEncoder } from './name-encoder.ts';
import { NameFilter } from './name-filter.ts';

/** Labels, indexed by frame number. */
type LabelTable = Pick<FrameTable, 'size' | 'label'>;

/** The sums of one column of weights: in a comparison, of the 'before' or of the 'after' weights. */
interface Sums {
  /** For each name, the weight of the stacks that end in it. */
  readonly selfs: Float64Array;
  /** For each name, the weight of the stacks that contain it. Recursion is counted once. */
  readonly totals: Float64Array;
}

/** The names and their sums, sorted by descending total, then by descending self, then by name. */
export interface NameTotals extends Sums {
  readonly names: readonly string[];
  /** The sums of the first weights, if stacks have two. */
  readonly before: Sums | undefined;
  /** A lower bound on the number of names without a sum. If there are too many names, not all have sums. */
  readonly others: number;
}

/**
 * Maximum number of names that are summed at the same time. Name numbers have 16 bits, and two of them are reserved.
 */
const MOST_SUMMED: number = (1 << 16) - 2;
const FIRST_NAMES = 1 << 10;
const FIRST_DEPTH = 1 << 8;
/** The number shared by all names that are not summed. */
const OTHERS = 1;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Sums the weights for each name, whether drawn or not, while the tree is walked. If there are too many names, the half
 * with the smaller sums becomes part of the entry `OTHERS`. If one of these names recurs, its weight is also added to
 * that entry, so that no reported sum is incomplete.
 *
 *     open frames, by level     the name's number
 *     names, by number          the number of open calls, self weights and totals
 */
export class NameSums {
  readonly #most: number;
  readonly #names = namesWithOthers();
  readonly #encoder = new NameEncoder();
  #table: LabelTable | undefined;
  /** For each frame in the table, the number of its name; 0 if not yet known. */
  #known: Uint16Array = new Uint16Array(FIRST_NAMES);
  #path: Uint16Array = new Uint16Array(FIRST_DEPTH);
  #level = 0;
  #calls: Int32Array = new Int32Array(FIRST_NAMES);
  readonly #now = new Columns();
  /** The sums of the first weights, if stacks have two. */
  #before: Columns | undefined;
  #left: NameFilter | undefined;
  #others = 0;

  constructor(most: number = MOST_SUMMED) {
    this.#most = most;
  }

  /** From now on, stacks have two weights. The single weight of earlier stacks counts as both. */
  compare(): void {
    this.#before ??= this.#now.copy();
  }

  /** From now on, frame numbers refer to this table. */
  useTable(table: LabelTable): void {
    this.#table = table;
    this.#known.fill(0);
  }

  /** Opens a frame, as a callee of the topmost open frame. */
  open(frame: number): void {
    const name = this.#known[frame] || this.#nameOf(frame);
    if (this.#level === this.#path.length) this.#path = larger(this.#path, this.#level * 2);
    this.#path[this.#level++] = name;
    this.#calls[name]!++;
  }

  /**
   * Closes the topmost open frame.
   *
   * @param self weight of the stacks that end in the frame
   * @param before the first of two weights; the same as `weight` if there is only one
   */
  close(weight: number, self: number, before: number, selfBefore: number): void {
    const name = this.#path[--this.#level]!;
    const isOutermost = --this.#calls[name]! === 0;
    this.#now.add(name, self, isOutermost ? weight : 0);
    this.#before?.add(name, selfBefore, isOutermost ? before : 0);
  }

  #nameOf(frame: number): number {
    const length = this.#encoder.encode(this.#table!.label(frame));
    const name = this.#numberOf(this.#encoder.bytes, length);
    // in a table that is still growing, `frame` is the last frame; a complete table may be much larger
    if (frame >= this.#known.length)
      this.#known = larger(this.#known, Math.max(this.#table!.size, this.#known.length * 2));
    return (this.#known[frame] = name);
  }

  #numberOf(label: Uint8Array, length: number): number {
    if (this.#left) {
      const known = this.#names.find(label, 0, length);
      if (known > 0) return known;
      if (this.#left.has(label, length)) return OTHERS;
    }
    if (this.#isFull) this.#sendSmallAway();
    if (this.#isFull) {
      this.#left!.add(label, length);
      this.#others++;
      return OTHERS;
    }
    const name = this.#names.intern(label, 0, length);
    if (name === this.#calls.length) {
      this.#calls = larger(this.#calls, name * 2);
      this.#now.grow(name * 2);
      this.#before?.grow(name * 2);
    }
    return name;
  }

  get #isFull(): boolean {
    return this.#names.size > this.#most + OTHERS;
  }

  /** Adds the half of the names with the smaller sums to `OTHERS`. Names of open frames are always kept. */
  #sendSmallAway(): void {
    const left = (this.#left ??= new NameFilter());
    const names = this.#names;
    const isKept = this.#largerHalf();
    for (let name = OTHERS; name < names.size; name++) {
      if (isKept[name] === 1) continue;
      const label = names.name(name);
      left.add(label, label.length);
      this.#others++;
    }
    const moved = names.keepOnly(isKept);
    for (let name = OTHERS; name < moved.length; name++) {
      const to = moved[name]!;
      if (to === 0) continue;
      this.#calls[to] = this.#calls[name]!;
      this.#now.move(to, name);
      this.#before?.move(to, name);
    }
    this.#calls.fill(0, names.size);
    this.#now.clear(names.size);
    this.#before?.clear(names.size);
    for (let level = 0; level < this.#level; level++) this.#path[level] = moved[this.#path[level]!]!;
    this.#known.fill(0);
  }

  /**
   * Returns 1 for each name to keep. Of the names without open frames, the half with the smaller totals is not kept.
   */
  #largerHalf(): Uint8Array {
    const { size } = this.#names;
    const { totals } = this.#now;
    const isClosed = (name: number): boolean => name > OTHERS && this.#calls[name] === 0;
    const sorted = totals
      .slice(0, size)
      .filter((_, name) => isClosed(name))
      .sort();
    const leaving = Math.ceil(sorted.length / 2);
    const middle = sorted[leaving - 1]!;
    let equal = leaving - sorted.indexOf(middle);
    const isKept = new Uint8Array(size).fill(1);
    for (let name = OTHERS + 1; name < size; name++) {
      if (!isClosed(name)) continue;
      if (totals[name]! < middle || (totals[name] === middle && equal-- > 0)) isKept[name] = 0;
    }
    return isKept;
  }

  /** Returns the sums after all frames have been closed. @param decimals maximum decimal places in a weight */
  finish(decimals: number): NameTotals {
    const { totals, selfs } = this.#now;
    const before = this.#before?.totals;
    // also rank functions that have vanished, by their 'before' weights
    const most = before ? totals.map((total, name) => Math.max(total, before[name]!)) : totals;
    const names = this.#names;
    const numbers = Uint32Array.from({ length: names.size - 1 - OTHERS }, (_, i) => i + 1 + OTHERS);
    numbers.sort((a, b) => most[b]! - most[a]! || selfs[b]! - selfs[a]! || names.compare(a, b));
    return {
      names: Array.from(numbers, (name) => decoder.decode(names.name(name))),
      ...this.#now.of(numbers, decimals),
      before: this.#before?.of(numbers, decimals),
      others: this.#others,
    };
  }
}

/** For each name, the sums of one column of weights: in a comparison, of the 'before' or of the 'after' weights. */
class Columns {
  totals: Float64Array = new Float64Array(FIRST_NAMES);
  selfs: Float64Array = new Float64Array(FIRST_NAMES);

  copy(): Columns {
    const copy = new Columns();
    copy.totals = this.totals.slice();
    copy.selfs = this.selfs.slice();
    return copy;
  }

  add(name: number, self: number, total: number): void {
    this.selfs[name]! += self;
    this.totals[name]! += total;
  }

  of(names: Uint32Array, decimals: number): Sums {
    const column = (values: Float64Array): Float64Array =>
      Float64Array.from(names, (name) => roundedSum(values[name]!, decimals));
    return { selfs: column(this.selfs), totals: column(this.totals) };
  }

  move(to: number, from: number): void {
    this.selfs[to] = this.selfs[from]!;
    this.totals[to] = this.totals[from]!;
  }

  /** Clears the sums of this name and of all names after it. */
  clear(from: number): void {
    this.selfs.fill(0, from);
    this.totals.fill(0, from);
  }

  grow(length: number): void {
    this.selfs = larger(this.selfs, length);
    this.totals = larger(this.totals, length);
  }
}

/** Creates a table of names. Its first entry, which stands for all other names, is empty, unlike any label. */
function namesWithOthers(): ByteNames {
  const names = new ByteNames();
  names.intern(new Uint8Array(0), 0, 0);
  return names;
}
