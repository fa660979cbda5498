import type { Frame, FrameTable } from '@stapflame/stacks';

/** The frames of another table, and beside them those that were found for some of them, under numbers of their own. */
export class LookedUpFrames implements FrameTable {
  readonly #source: FrameTable;
  /** A frame that was found, or the number of one of the source. */
  readonly #frames: (Frame | number)[] = [];
  readonly #kept: (number | undefined)[] = [];

  constructor(source: FrameTable) {
    this.#source = source;
  }

  get size(): number {
    return this.#frames.length;
  }

  label(id: number): string {
    const frame = this.#frames[id]!;
    return typeof frame === 'number' ? this.#source.label(frame) : frame.label;
  }

  frame(id: number): Frame {
    const frame = this.#frames[id]!;
    return typeof frame === 'number' ? this.#source.frame(frame) : frame;
  }

  /** The number here of a frame of the source that stays as it is. */
  keep(sourceId: number): number {
    return (this.#kept[sourceId] ??= this.#frames.push(sourceId) - 1);
  }

  /** Adds a frame and gives its number. */
  add(frame: Frame): number {
    return this.#frames.push(frame) - 1;
  }
}
