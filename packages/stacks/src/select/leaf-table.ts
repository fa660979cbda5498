import type { Frame, FrameTable } from '../frames.ts';
import { leafLabelOf } from '../label.ts';

/**
 * A table in which each frame has two numbers, so that a frame that becomes a leaf gets the label of a leaf:
 *
 *     2 × number       as it was
 *     2 × number + 1   with the label of a leaf
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
