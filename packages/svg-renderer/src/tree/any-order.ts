import type { FrameTable, StackBatch } from '@stapflame/stacks';
import { tooManyFrames } from '../errors.ts';
import type { Boxes } from './boxes.ts';
import { BoxCollector } from './collector.ts';
import { larger } from './larger.ts';
import { NameSums } from './name-sums.ts';
import { Names } from './names.ts';
import type { StackWalk, WalkOptions } from './walk.ts';

/** Maximum number of frames in the tree. This many frames take up 60 MB. */
const MAX_FRAMES: number = 1 << 20;
const FIRST_FRAMES = 1 << 12;
const NONE = 0;

/**
 * Collects stacks, which may come in any order, in a tree. At the end, the tree is walked in name order. Frame 0 is the
 * caller of every root. Frames are looked up by caller and name in a hash table with open addressing, which is kept at
 * most half full.
 */
export class StacksInAnyOrder implements StackWalk {
  readonly #options: WalkOptions;
  readonly #names = new Names();
  #table: FrameTable | undefined;
  /** For each frame in the table, the number of its name; 0 if not yet known. */
  #known = new Int32Array(FIRST_FRAMES);
  #callers = new Int32Array(FIRST_FRAMES);
  #nameIds = new Int32Array(FIRST_FRAMES);
  #selfs = new Float64Array(FIRST_FRAMES);
  #befores = new Float64Array(FIRST_FRAMES);
  #slots = new Int32Array(FIRST_FRAMES * 2);
  #frames = 1;
  stacks = 0;
  distinct = 0;
  weight = 0;
  deepest = 0;
  /** Whether any stack has two weights. In a comparison, a single weight counts as both. */
  #isComparison = false;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  add(batch: StackBatch): void {
    const { table, frames, bounds, weights } = batch;
    if (table !== this.#table) {
      this.#table = table;
      this.#known.fill(0);
    }
    const first = weights[0]!;
    const last = weights.at(-1)!;
    if (weights.length > 1) this.#isComparison = true;
    for (let i = 0; i < batch.length; i++) {
      this.stacks++;
      const to = bounds[i + 1]!;
      const depth = to - bounds[i]!;
      if (depth > this.deepest) this.deepest = depth;
      let frame = NONE;
      for (let level = 0; level < depth && level < this.#options.maxDepth; level++)
        frame = this.#callee(
          frame,
          this.#known[frames[to - 1 - level]!] || this.#nameOf(table, frames[to - 1 - level]!),
        );
      if (this.#selfs[frame] === 0 && last[i]! > 0) this.distinct++;
      this.#selfs[frame]! += last[i]!;
      this.#befores[frame]! += first[i]!;
      this.weight += last[i]!;
    }
  }

  #nameOf(table: FrameTable, frame: number): number {
    if (frame >= this.#known.length)
      this.#known = larger(this.#known, Math.max(table.size, this.#known.length * 2));
    return (this.#known[frame] = this.#names.add(table, frame));
  }

  #callee(caller: number, name: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(caller, name) & mask;
    for (let frame = this.#slots[slot]!; frame !== NONE; frame = this.#slots[slot]!) {
      if (this.#callers[frame] === caller && this.#nameIds[frame] === name) return frame;
      slot = (slot + 1) & mask;
    }
    if (this.#frames > MAX_FRAMES) throw tooManyFrames(this.stacks, MAX_FRAMES);
    if (this.#frames === this.#callers.length) this.#grow();
    const frame = this.#frames++;
    this.#callers[frame] = caller;
    this.#nameIds[frame] = name;
    this.#put(frame);
    return frame;
  }

  #put(frame: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashOf(this.#callers[frame]!, this.#nameIds[frame]!) & mask;
    while (this.#slots[slot] !== NONE) slot = (slot + 1) & mask;
    this.#slots[slot] = frame;
  }

  #grow(): void {
    const size = this.#callers.length * 2;
    this.#callers = larger(this.#callers, size);
    this.#nameIds = larger(this.#nameIds, size);
    this.#selfs = larger(this.#selfs, size);
    this.#befores = larger(this.#befores, size);
    this.#slots = new Int32Array(size * 2);
    for (let frame = 1; frame < this.#frames; frame++) this.#put(frame);
  }

  /** Walks the tree in name order. The walk is not recursive, because stacks can have any depth. */
  finish(): Boxes {
    const { maxDepth } = this.#options;
    const sums = this.deepest > maxDepth ? undefined : new NameSums();
    const boxes = new BoxCollector({ ...this.#options, expected: this.weight }, sums);
    if (this.#isComparison) boxes.compare();
    sums?.useTable(this.#names);
    const { first, next } = this.#inOrder();
    const path: number[] = [];
    for (let frame = first[NONE]!; ;) {
      if (frame !== NONE) {
        path.push(frame);
        boxes.open();
        boxes.add(this.#selfs[frame]!, this.#befores[frame]!);
        sums?.open(this.#nameIds[frame]!);
        frame = first[frame]!;
        continue;
      }
      if (path.length === 0) break;
      const closed = path.pop()!;
      boxes.close(this.#nameIds[closed]!);
      frame = next[closed]!;
    }
    return {
      ...boxes.boxes(this.#names),
      isComparison: this.#isComparison,
      sums: sums?.finish(boxes.places),
    };
  }

  /** Returns the first callee and the next sibling of each frame, in name order. */
  #inOrder(): { readonly first: Int32Array; readonly next: Int32Array } {
    const ranks = new Int32Array(this.#names.size);
    for (const [rank, name] of this.#names.inOrder().entries()) ranks[name] = rank;
    const order = new Float64Array(this.#frames - 1);
    for (let frame = 1; frame < this.#frames; frame++)
      order[frame - 1] = ranks[this.#nameIds[frame]!]! * this.#frames + frame;
    order.sort();
    const first = new Int32Array(this.#frames);
    const next = new Int32Array(this.#frames);
    for (let i = order.length - 1; i >= 0; i--) {
      const frame = order[i]! % this.#frames;
      const caller = this.#callers[frame]!;
      next[frame] = first[caller]!;
      first[caller] = frame;
    }
    return { first, next };
  }
}

function hashOf(caller: number, name: number): number {
  const hash = Math.imul(caller, 0x9e3779b1) ^ Math.imul(name, 0x85ebca6b);
  return (hash ^ (hash >>> 15)) >>> 0;
}
