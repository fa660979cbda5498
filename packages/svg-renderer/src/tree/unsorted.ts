import { tooManyFrames } from '../errors.ts';
import type { BoxCollector } from './collector.ts';
import { MAX_FRAMES } from './folded-tree.ts';
import { Names } from './names.ts';

const SEMICOLON = 0x3b;
const NONE = 0;

/** Which part of a stack counts. */
export interface Selection {
  /** Merge from the leaf. */
  readonly reverse: boolean;
  /** Only stacks with this frame, from it on. */
  readonly base: string | undefined;
}

/** Collects stacks in any order in columns, one entry a frame, and walks them sorted frame by frame. */
export class StackTree {
  readonly #names = new Names();
  readonly #reverse: boolean;
  readonly #base: number;
  /** Frame 0 is what stands below every root. */
  #frames = 1;
  #parents: Int32Array = new Int32Array(1 << 12);
  #nameIds: Int32Array = new Int32Array(1 << 12);
  #selfs: Float64Array = new Float64Array(1 << 12);
  #changes: Float64Array = new Float64Array(1 << 12);
  /** Finds a frame by its caller and name: at most half full. */
  #table: Int32Array = new Int32Array(1 << 13);
  readonly #ids: number[] = [];
  /** Stacks of different frames, counted by the first that ends in each. */
  distinct = 0;

  constructor({ reverse, base }: Selection) {
    this.#reverse = reverse;
    const bytes = new TextEncoder().encode(base ?? '');
    this.#base = base === undefined ? -1 : this.#names.idOf(bytes, 0, bytes.length);
  }

  /** Adds a stack; false where it is not in the selection. */
  add(bytes: Uint8Array, from: number, to: number, weight: number, change: number, line: number): boolean {
    const ids = this.#ids;
    ids.length = 0;
    for (let begin = from, at = from; at <= to; at++) {
      if (at < to && bytes[at] !== SEMICOLON) continue;
      ids.push(this.#names.idOf(bytes, begin, at));
      begin = at + 1;
    }
    const first = this.#base < 0 ? 0 : ids.indexOf(this.#base);
    if (first < 0) return false;
    let frame = 0;
    if (this.#reverse)
      for (let i = ids.length - 1; i >= first; i--) frame = this.#child(frame, ids[i]!, line);
    else for (let i = first; i < ids.length; i++) frame = this.#child(frame, ids[i]!, line);
    if (this.#selfs[frame] === 0 && weight > 0) this.distinct++;
    this.#selfs[frame]! += weight;
    this.#changes[frame]! += change;
    return true;
  }

  #child(parent: number, name: number, line: number): number {
    const mask = this.#table.length - 1;
    let slot = hashOf(parent, name) & mask;
    for (let frame = this.#table[slot]!; frame !== NONE; frame = this.#table[slot]!) {
      if (this.#parents[frame] === parent && this.#nameIds[frame] === name) return frame;
      slot = (slot + 1) & mask;
    }
    if (this.#frames > MAX_FRAMES) throw tooManyFrames(line, MAX_FRAMES);
    const frame = this.#frames++;
    if (frame === this.#parents.length) this.#grow();
    this.#parents[frame] = parent;
    this.#nameIds[frame] = name;
    this.#put(frame);
    return frame;
  }

  #put(frame: number): void {
    const mask = this.#table.length - 1;
    let slot = hashOf(this.#parents[frame]!, this.#nameIds[frame]!) & mask;
    while (this.#table[slot] !== NONE) slot = (slot + 1) & mask;
    this.#table[slot] = frame;
  }

  #grow(): void {
    const size = this.#parents.length * 2;
    const larger = <T extends Int32Array | Float64Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#parents = larger(new Int32Array(size), this.#parents);
    this.#nameIds = larger(new Int32Array(size), this.#nameIds);
    this.#selfs = larger(new Float64Array(size), this.#selfs);
    this.#changes = larger(new Float64Array(size), this.#changes);
    this.#table = new Int32Array(size * 2);
    for (let frame = 1; frame < size / 2; frame++) this.#put(frame);
  }

  /** Walks the tree in order; without recursion, for stacks of any depth. */
  walk(boxes: BoxCollector): void {
    const names = this.#names.texts();
    const { first, next } = this.#inOrder();
    const path: number[] = [];
    const nameOf = (depth: number): string => names[this.#nameIds[path[depth]!]!]!;
    let frame = first[0]!;
    for (;;) {
      if (frame !== NONE) {
        path.push(frame);
        boxes.open();
        boxes.add(this.#selfs[frame]!, this.#changes[frame]!);
        frame = first[frame]!;
        continue;
      }
      if (path.length === 0) return;
      boxes.close(nameOf);
      frame = next[path.pop()!]!;
    }
  }

  /** First child and next sibling of each frame, by name: frames in falling order are put before their next. */
  #inOrder(): { readonly first: Int32Array; readonly next: Int32Array } {
    const ranks = this.#names.ranks();
    const order = new Float64Array(this.#frames - 1);
    for (let frame = 1; frame < this.#frames; frame++) {
      order[frame - 1] = ranks[this.#nameIds[frame]!]! * this.#frames + frame;
    }
    order.sort();
    const first = new Int32Array(this.#frames);
    const next = new Int32Array(this.#frames);
    for (let i = order.length - 1; i >= 0; i--) {
      const frame = order[i]! % this.#frames;
      const parent = this.#parents[frame]!;
      next[frame] = first[parent]!;
      first[parent] = frame;
    }
    return { first, next };
  }
}

function hashOf(parent: number, name: number): number {
  const hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(name, 0x85ebca6b);
  return (hash ^ (hash >>> 15)) >>> 0;
}
