import type { Frame, FrameTable } from '@stapflame/stacks';
import type { Names } from './names.ts';

/** The decision for each frame; 0 if the frame has not been requested. */
const NAMED = 1;
const KEPT = 2;

/**
 * The frames of another table with readable names, under the same numbers. A name is made on request. After naming was
 * given up, names that were already made stay readable, and the others stay mangled.
 */
export class NamedFrames implements FrameTable {
  readonly #source: FrameTable;
  readonly #names: Names;
  #decided = new Uint8Array(1 << 10);

  constructor(source: FrameTable, names: Names) {
    this.#source = source;
    this.#names = names;
  }

  get size(): number {
    return this.#source.size;
  }

  get labelsOnly(): boolean {
    return this.#source.labelsOnly === true;
  }

  label(id: number): string {
    const label = this.#source.label(id);
    return this.#isNamed(id) ? this.#names.label(label) : label;
  }

  frame(id: number): Frame {
    const frame = this.#source.frame(id);
    if (!this.#isNamed(id)) return frame;
    const { label, symbol } = frame;
    return {
      ...frame,
      label: this.#names.label(label),
      ...(symbol !== undefined && { symbol: this.#names.symbol(symbol) }),
    };
  }

  #isNamed(id: number): boolean {
    if (id >= this.#decided.length) {
      const larger = new Uint8Array(Math.max(id + 1, this.size) * 2);
      larger.set(this.#decided);
      this.#decided = larger;
    }
    return (this.#decided[id] ||= this.#names.gaveUp ? KEPT : NAMED) === NAMED;
  }
}
