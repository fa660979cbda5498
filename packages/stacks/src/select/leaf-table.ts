import type { Frame, FrameTable } from '../frames.ts';
import { leafLabelOf } from '../label.ts';

/**
 * A table in which each frame has two numbers. Under the second one, its label is valid for a leaf:
 *
 *     2 × number       unchanged
 *     2 × number + 1   with a leaf label
 */
export class LeafTable implements FrameTable {
  readonly #source: FrameTable;

  constructor(source: FrameTable) {
    this.#source = source;
  }

  get size(): number {
    return this.#source.size * 2;
  }

  get labelsOnly(): boolean {
    return this.#source.labelsOnly === true;
  }

  label(id: number): string {
    const label = this.#source.label(id >>> 1);
    return id % 2 === 0 ? label : leafLabelOf(label);
  }

  frame(id: number): Frame {
    return { ...this.#source.frame(id >>> 1), label: this.label(id) };
  }
}
