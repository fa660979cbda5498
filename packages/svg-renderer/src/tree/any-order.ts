import { compareNames, type StackBatch } from '@stapflame/stacks';
import { tooManyFrames } from '../errors.ts';
import type { Boxes } from './boxes.ts';
import { BoxCollector } from './collector.ts';
import { NameSums } from './name-sums.ts';
import { Names } from './names.ts';
import type { StackWalk, WalkOptions } from './walk.ts';

/** Most frames of the tree, which take 60 MB. */
const MAX_FRAMES: number = 1 << 20;
const FIRST_FRAMES = 1 << 12;
const NONE = 0;

/**
 * Collects stacks in any order in a tree, and walks it in the order of names at the end. Frame 0 is the caller of every
 * root. A hash table with open addressing, at most half full, finds a frame by its caller and name.
 */
export class StacksInAnyOrder implements StackWalk {
  readonly #options: WalkOptions;
  readonly #names = new Names();
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
  /** Whether some stacks have two weights. A single weight counts as both. */
  #isComparison = false;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  add(batch: StackBatch): void {
    const { table, frames, bounds, weights } = batch;
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
        frame = this.#callee(frame, this.#names.numberOf(table, frames[to - 1 - level]!));
      if (this.#selfs[frame] === 0 && last[i]! > 0) this.distinct++;
      this.#selfs[frame]! += last[i]!;
      this.#befores[frame]! += first[i]!;
      this.weight += last[i]!;
    }
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
    const larger = <T extends Int32Array | Float64Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#callers = larger(new Int32Array(size), this.#callers);
    this.#nameIds = larger(new Int32Array(size), this.#nameIds);
    this.#selfs = larger(new Float64Array(size), this.#selfs);
    this.#befores = larger(new Float64Array(size), this.#befores);
    this.#slots = new Int32Array(size * 2);
    for (let frame = 1; frame < this.#frames; frame++) this.#put(frame);
  }

  /** Walks the tree in order, without recursion because stacks may be of any depth. */
  finish(): Boxes {
    const { maxDepth } = this.#options;
    const boxes = new BoxCollector(this.#options);
    const textOf = (name: number): string => this.#names.text(name);
    const sums = this.deepest > maxDepth ? undefined : new NameSums(textOf);
    if (this.#isComparison) sums?.compare();
    const { first, next } = this.#inOrder();
    const path: number[] = [];
    const nameAt = (level: number): number => this.#nameIds[path[level]!]!;
    for (let frame = first[NONE]!; ;) {
      if (frame !== NONE) {
        path.push(frame);
        boxes.open();
        boxes.add(this.#selfs[frame]!, this.#befores[frame]!);
        sums?.open(this.#nameIds[frame]!);
        sums?.add(this.#selfs[frame]!, this.#befores[frame]!);
        frame = first[frame]!;
        continue;
      }
      if (path.length === 0) break;
      boxes.close(nameAt);
      sums?.close();
      frame = next[path.pop()!]!;
    }
    return {
      ...boxes.boxes(this.#names),
      isComparison: this.#isComparison,
      sums: sums?.finish(boxes.places),
    };
  }

  /** First callee and next sibling of each frame, in the order of names. */
  #inOrder(): { readonly first: Int32Array; readonly next: Int32Array } {
    const { texts } = this.#names;
    const byName = Array.from(texts.keys()).sort((a, b) => compareNames(texts[a]!, texts[b]!));
    const ranks = new Int32Array(texts.length);
    for (const [rank, name] of byName.entries()) ranks[name] = rank;
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
