import type { StackBatch } from '../batch.ts';
import { StackBuilder } from '../builder.ts';
import type { Facts } from '../facts.ts';
import type { FrameTable } from '../frames.ts';

/** Number of frames in a batch: about a megabyte of text. */
const BATCH_FRAMES = 1 << 14;

/** Batches of stacks that a parser has read and nobody has taken yet. */
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

  /** Whether enough stacks are waiting for a batch. */
  get full(): boolean {
    return this.#readyFrames + this.#builder.frameCount >= BATCH_FRAMES;
  }

  /** Makes a batch of the stacks added since the last one. They refer to this table; later ones may not. */
  flush(table: FrameTable, facts: () => Facts): void {
    if (this.#builder.stackCount > 0) this.#end(table, facts());
  }

  /** Ends an input. If there are facts that the last batch lacks, another batch carries them, even without stacks. */
  endInput(table: FrameTable, facts: Facts): void {
    if (this.#builder.stackCount > 0 || JSON.stringify(facts) !== JSON.stringify(this.#told))
      this.#end(table, facts);
  }

  /** Takes the batches that are waiting, in order. */
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
