import type { Frame, FrameTable } from '@stapflame/stacks';
import type { Names } from './names.ts';

/** Whether a frame's name is demangled or kept mangled; 0 if the frame has not been requested yet. */
const NAMED = 1;
const KEPT = 2;

/**
 * The frames of another table, under the same numbers, with demangled names. A name is demangled when it is first
 * requested. If demangling is stopped, demangled names stay demangled, and all other names stay mangled.
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
