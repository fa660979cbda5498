import type { StackBatch } from '../batch.ts';
import { StackBuilder } from '../builder.ts';
import type { Facts } from '../facts.ts';
import type { FrameTable } from '../frames.ts';

/** Approximate number of frames in a batch. About a megabyte of trace contains this many. */
const BATCH_FRAMES = 1 << 14;

/** Collects the stacks that a parser has read into batches, until the batches are taken. */
export class BatchQueue {
  readonly #builder = new StackBuilder();
  readonly #ready: StackBatch[] = [];
  #readyFrames = 0;
  /** The facts in the last batch. */
  #told: Facts = {};

  /** Adds the stack `ids[from … to − 1]`, leaf first. */
  add(ids: Uint32Array, from: number, to: number, weight: number): void {
    this.#builder.add(ids, from, to, weight);
  }

  /** Whether there are enough stacks for a batch. */
  get full(): boolean {
    return this.#readyFrames + this.#builder.frameCount >= BATCH_FRAMES;
  }

  /**
   * Makes a batch of the stacks added since the last batch. The frame numbers in these stacks must belong to this
   * table.
   */
  flush(table: FrameTable, facts: () => Facts): void {
    if (this.#builder.stackCount > 0) this.#end(table, facts());
  }

  /** Ends an input. If the facts have changed since the last batch, adds a batch, which may have no stacks. */
  endInput(table: FrameTable, facts: Facts): void {
    if (this.#builder.stackCount > 0 || JSON.stringify(facts) !== JSON.stringify(this.#told))
      this.#end(table, facts);
  }

  /** Returns the batches that have not been taken yet, in order. */
  take(table: FrameTable, facts: () => Facts): StackBatch[] {
    this.flush(table, facts);
    this.#readyFrames = 0;
    return this.#ready.splice(0);
  }

  #end(table: FrameTable, facts: Facts): void {
    this.#readyFrames += this.#builder.frameCount;
    this.#ready.push(this.#builder.take(table, facts));
    this.#told = facts;
  }
}
