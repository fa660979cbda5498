import { StackBatch, type Frame, type FrameTable } from '@stapflame/stacks';

const HEX = /0x[0-9a-f]+/gi;

/** Replaces addresses in labels with `0x...`, so that code that has moved keeps its label. */
export class HexStripper {
  #table: StrippedTable | undefined;

  strip(batch: StackBatch): StackBatch {
    if (this.#table?.source !== batch.table) this.#table = new StrippedTable(batch.table);
    const { frames, bounds, weights, facts } = batch;
    return new StackBatch({
      table: this.#table,
      frames,
      bounds,
      weights,
      facts,
      release: () => batch.release(),
    });
  }
}

class StrippedTable implements FrameTable {
  readonly source: FrameTable;

  constructor(source: FrameTable) {
    this.source = source;
  }

  get size(): number {
    return this.source.size;
  }

  label(id: number): string {
    return this.source.label(id).replace(HEX, '0x...');
  }

  frame(id: number): Frame {
    return { ...this.source.frame(id), label: this.label(id) };
  }
}
