import { roundedSum } from '@stapflame/stacks';

/** Sums of one weight. */
interface Sums {
  /** Weight of the stacks that end in each name. */
  readonly selfs: Float64Array;
  /** Weight of the stacks that contain each name. Nested calls count once. */
  readonly totals: Float64Array;
}

/** Sums of the names, the largest first: by total, then by self, then by text. */
export interface NameTotals extends Sums {
  readonly names: readonly string[];
  /** The sums of the first of two weights. */
  readonly before: Sums | undefined;
  /** At least so many names have no sum because there are too many. */
  readonly others: number;
}

/** Most names that are summed at the same time. */
const MOST_SUMMED: number = 1 << 16;
const FIRST_NAMES = 1 << 10;
const FIRST_DEPTH = 1 << 8;
/** The place of all names that are not summed. */
const OTHERS = 1;
/** Bits of the filter of names that went to the others: 128 KiB. */
const LEFT_BITS = 1 << 20;

/**
 * Sums the weights of each name, drawn or not, while the tree is walked. If there are too many names, the smaller half
 * goes to the others. A name that may have gone there stays there when it recurs, so that no reported sum is incomplete.
 *
 *     open frames, by level     the place of the name
 *     names, by place           open calls; sums when the outermost of them was opened; selfs, totals
 */
export class NameSums {
  readonly #textOf: (frame: number) => string;
  readonly #most: number;
  readonly #places = new Map<string, number>();
  /** The place of each frame by the caller's number; 0 if it is not known yet. */
  #known = new Int32Array(FIRST_NAMES);
  readonly #free: number[] = [];
  #end = OTHERS + 1;
  #open = new Int32Array(FIRST_DEPTH);
  #level = 0;
  #calls = new Int32Array(FIRST_NAMES);
  readonly #now = new Column();
  /** The first of two weights. */
  #before: Column | undefined;
  #left: Uint32Array | undefined;
  #others = 0;

  /** @param textOf the label of a frame */
  constructor(textOf: (frame: number) => string, most: number = MOST_SUMMED) {
    this.#textOf = textOf;
    this.#most = most;
  }

  /** From now on stacks have two weights. A single weight so far counts as both. */
  compare(): void {
    this.#before ??= this.#now.copy();
  }

  /** Frames get new numbers from now on. */
  forgetFrames(): void {
    this.#known.fill(0);
  }

  /** Opens a frame on the ones that are open. */
  open(frame: number): void {
    const place = this.#known[frame] || this.#placeOf(frame);
    if (this.#level === this.#open.length) this.#open = larger(this.#open, this.#level * 2);
    this.#open[this.#level++] = place;
    if (this.#calls[place]!++ > 0) return;
    this.#now.open(place);
    this.#before?.open(place);
  }

  /** Adds a stack that ends in the topmost open frame. */
  add(weight: number, before: number): void {
    const leaf = this.#open[this.#level - 1]!;
    this.#now.add(leaf, weight);
    this.#before?.add(leaf, before);
  }

  /** Closes the topmost frame. */
  close(): void {
    const place = this.#open[--this.#level]!;
    if (--this.#calls[place]! > 0) return;
    this.#now.close(place);
    this.#before?.close(place);
  }

  #placeOf(frame: number): number {
    const text = this.#textOf(frame);
    const place = this.#places.get(text) ?? this.#add(text);
    if (frame >= this.#known.length) this.#known = larger(this.#known, 2 * frame + 1);
    this.#known[frame] = place;
    return place;
  }

  #add(text: string): number {
    if (this.#left && hasLeft(this.#left, text)) return OTHERS;
    if (this.#places.size === this.#most) this.#sendSmallAway();
    const place = this.#free.pop() ?? this.#end++;
    if (place === this.#calls.length) {
      this.#calls = larger(this.#calls, place * 2);
      this.#now.grow(place * 2);
      this.#before?.grow(place * 2);
    }
    this.#places.set(text, place);
    return place;
  }

  /** Names of open frames stay, however small they are. */
  #sendSmallAway(): void {
    const { totals } = this.#now;
    const left = (this.#left ??= new Uint32Array(LEFT_BITS / 32));
    const closed = [...this.#places].filter(([, place]) => this.#calls[place] === 0);
    closed.sort(([, a], [, b]) => totals[a]! - totals[b]!);
    for (const [text, place] of closed.slice(0, Math.ceil(closed.length / 2))) {
      for (const bit of bitsOf(text)) left[bit >> 5]! |= 1 << (bit & 31);
      this.#places.delete(text);
      this.#now.clear(place);
      this.#before?.clear(place);
      this.#free.push(place);
      this.#others++;
    }
    this.forgetFrames();
  }

  /** The sums, once every frame is closed. @param decimals the most decimal places of a weight */
  finish(decimals: number): NameTotals {
    const now = this.#now;
    // functions that vanished count, too
    const most = (place: number): number => Math.max(now.totals[place]!, this.#before?.totals[place] ?? 0);
    const entries = [...this.#places].sort(
      ([textA, a], [textB, b]) =>
        most(b) - most(a) || now.selfs[b]! - now.selfs[a]! || (textA < textB ? -1 : 1),
    );
    const places = entries.map(([, place]) => place);
    return {
      names: entries.map(([text]) => text),
      ...now.of(places, decimals),
      before: this.#before?.of(places, decimals),
      others: this.#others,
    };
  }
}

/** The sums of one weight. */
class Column {
  totals: Float64Array = new Float64Array(FIRST_NAMES);
  #sum = 0;
  #starts = new Float64Array(FIRST_NAMES);
  #selfs = new Float64Array(FIRST_NAMES);

  get selfs(): Float64Array {
    return this.#selfs;
  }

  copy(): Column {
    const copy = new Column();
    copy.totals = this.totals.slice();
    copy.#sum = this.#sum;
    copy.#starts = this.#starts.slice();
    copy.#selfs = this.#selfs.slice();
    return copy;
  }

  open(place: number): void {
    this.#starts[place] = this.#sum;
  }

  add(place: number, weight: number): void {
    this.#selfs[place]! += weight;
    this.#sum += weight;
  }

  close(place: number): void {
    this.totals[place]! += this.#sum - this.#starts[place]!;
  }

  of(places: readonly number[], decimals: number): Sums {
    const column = (values: Float64Array): Float64Array =>
      Float64Array.from(places, (place) => roundedSum(values[place]!, decimals));
    return { selfs: column(this.#selfs), totals: column(this.totals) };
  }

  clear(place: number): void {
    this.#selfs[place] = 0;
    this.totals[place] = 0;
  }

  grow(length: number): void {
    this.#starts = larger(this.#starts, length);
    this.#selfs = larger(this.#selfs, length);
    this.totals = larger(this.totals, length);
  }
}

function larger<T extends Int32Array | Float64Array>(array: T, length: number): T {
  const copy = new (array.constructor as new (length: number) => T)(length);
  copy.set(array);
  return copy;
}

function hasLeft(left: Uint32Array, text: string): boolean {
  return bitsOf(text).every((bit) => (left[bit >> 5]! & (1 << (bit & 31))) !== 0);
}

/** Two bits of a name: FNV-1a over its UTF-16 units. */
function bitsOf(text: string): readonly number[] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return [hash, Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)].map((each) => each & (LEFT_BITS - 1));
}
