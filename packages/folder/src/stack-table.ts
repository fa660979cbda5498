import { FolderError } from './errors.ts';

/** Number of bytes that a stack takes in addition to its frames: its start, its hash, two slots and a weight. */
const STACK_BYTES = 24;
/** Number of frames per stack for which memory is reserved. */
const PLANNED_DEPTH = 12;
/** Maximum number of frames in a stack. This many frames take 64 MiB. */
const MAX_DEPTH = 1 << 24;

/**
 * A hash table of distinct stacks with their weights. It uses open addressing and typed arrays of a fixed size. All
 * memory is allocated at the start, but becomes resident only as it is used.
 */
export class StackTable {
  /** The frames of all stacks, root first. */
  frames: Uint32Array;
  /** Stack i is frames[starts[i]] … frames[starts[i + 1] − 1]. */
  readonly starts: Uint32Array;
  /** The weights of all stacks in one column, or in two columns once stacks with two weights have been added. */
  readonly weights: Float64Array[];
  #size = 0;
  readonly #capacity: number;
  readonly #hashes: Int32Array;
  readonly #slots: Uint32Array;

  /** @param memory size of the table, in bytes */
  constructor(memory: number) {
    const planned = Math.floor(memory / (STACK_BYTES + PLANNED_DEPTH * 4));
    const slots = 1 << (31 - Math.clz32(planned * 2));
    this.#capacity = slots >> 1;
    this.#slots = new Uint32Array(slots);
    this.#hashes = new Int32Array(this.#capacity);
    this.starts = new Uint32Array(this.#capacity + 1);
    this.weights = [new Float64Array(this.#capacity)];
    this.frames = new Uint32Array(Math.floor((memory - this.#capacity * STACK_BYTES) / 4));
  }

  get size(): number {
    return this.#size;
  }

  /** Whether the table has room for a new stack with this many frames. */
  hasRoom(depth: number): boolean {
    return this.#size < this.#capacity && this.starts[this.#size]! + depth <= this.frames.length;
  }

  /**
   * Makes room in the empty table for a stack with this many frames. Throws `STACK_TOO_DEEP` if there are more than
   * `MAX_DEPTH`.
   */
  makeRoom(depth: number): void {
    if (depth <= this.frames.length) return;
    if (depth > MAX_DEPTH) {
      throw new FolderError(
        'STACK_TOO_DEEP',
        `a stack has ${depth} frames, but the limit is ${MAX_DEPTH}; check that each sample has a record of its own`,
      );
    }
    this.frames = new Uint32Array(depth);
  }

  /**
   * The position in `frames` where the next stack's frames must be written, root first, before {@link add} is called.
   */
  get next(): number {
    return this.starts[this.#size]!;
  }

  /**
   * Adds the stack whose `depth` frames were written at {@link next}, unless the table already contains an equal stack.
   * Returns the number of the new or existing stack. Stacks with equal hashes are compared frame by frame.
   */
  add(depth: number, hash: number): number {
    const { starts } = this;
    const start = starts[this.#size]!;
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 16)) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const stack = this.#slots[slot]! - 1;
      if (this.#hashes[stack] === hash && this.#equals(stack, start, depth)) return stack;
    }
    const stack = this.#size++;
    this.#slots[slot] = stack + 1;
    this.#hashes[stack] = hash;
    starts[this.#size] = start + depth;
    for (const column of this.weights) column[stack] = 0;
    return stack;
  }

  #equals(stack: number, start: number, depth: number): boolean {
    const { frames, starts } = this;
    const other = starts[stack]!;
    if (starts[stack + 1]! - other !== depth) return false;
    for (let i = 0; i < depth; i++) if (frames[other + i] !== frames[start + i]) return false;
    return true;
  }

  /** Adds a second weight column, which starts as a copy of the first. */
  addWeightColumn(): void {
    this.weights.push(this.weights[0]!.slice());
  }

  clear(): void {
    this.#size = 0;
    this.#slots.fill(0);
  }
}
