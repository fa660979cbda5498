import {
  batchOf,
  FrameList,
  StackBatch,
  type Frame,
  type PlainSample,
  type SpillFile,
  type SpillStore,
} from '@stapflame/stacks';
import { SpeedscopeWriter } from '../src/index.ts';

/** A file with sampled profiles, as speedscope's schema defines it. */
export interface Document {
  readonly $schema: string;
  readonly name: string;
  readonly exporter: string;
  readonly activeProfileIndex: number;
  readonly shared: { readonly frames: readonly { readonly name: string; readonly file?: string }[] };
  readonly profiles: readonly {
    readonly type: string;
    readonly name: string;
    readonly unit: string;
    readonly startValue: number;
    readonly endValue: number;
    readonly samples: readonly (readonly number[])[];
    readonly weights: readonly number[];
  }[];
}

/** Keeps files in memory and counts the open ones. */
export class MemoryStore implements SpillStore {
  open = 0;

  create(): SpillFile {
    this.open++;
    let bytes = Buffer.alloc(0);
    return {
      write: (piece) => void (bytes = Buffer.concat([bytes, piece])),
      read: (into, position) => bytes.copy(into, 0, position),
      remove: () => void this.open--,
    };
  }
}

/** A table that notes which frames are looked up. */
export class NotingTable extends FrameList {
  readonly lookedUp: number[] = [];

  override frame(id: number): Frame {
    this.lookedUp.push(id);
    return super.frame(id);
  }

  /** Makes a batch with one stack for each of these frames. */
  batchOf(ids: readonly number[]): StackBatch {
    return new StackBatch({
      table: this,
      frames: Uint32Array.from(ids),
      bounds: Uint32Array.from({ length: ids.length + 1 }, (_, i) => i),
      weights: [new Float64Array(ids.length).fill(1)],
    });
  }
}

/** Copies each chunk, because a chunk is valid only until the next one is requested. */
export function copies(pieces: Iterable<Uint8Array>): Uint8Array[] {
  return Array.from(pieces, (piece) => piece.slice());
}

export function textOf(batches: Iterable<StackBatch>, store: SpillStore = new MemoryStore()): string {
  const writer = new SpeedscopeWriter(store);
  const pieces: Uint8Array[] = [];
  for (const batch of batches) pieces.push(...copies(writer.write(batch)));
  pieces.push(...copies(writer.finish()));
  return Buffer.concat(pieces).toString();
}

export function documentOf(batches: Iterable<StackBatch>, store?: SpillStore): Document {
  return JSON.parse(textOf(batches, store)) as Document;
}

/** Returns the document's samples, each with the names of its frames, leaf first. */
export function samplesOf({ profiles, shared }: Document): PlainSample[] {
  const { samples, weights } = profiles[0]!;
  return samples.map((stack, i) => ({
    frames: stack.map((frame) => shared.frames[frame]!.name).toReversed(),
    count: weights[i]!,
  }));
}

/** Returns the batches' samples, each with the labels of its frames, leaf first. */
export function plain(batches: Iterable<StackBatch>): PlainSample[] {
  return [...batches].flatMap((batch) =>
    [...batch].map(({ frames, count }) => ({ frames: frames.map(({ label }) => label), count })),
  );
}

export function batchOfOne(facts: StackBatch['facts'] = {}): StackBatch {
  return batchOf([{ frames: ['leaf', 'root'], count: 3 }], facts);
}
