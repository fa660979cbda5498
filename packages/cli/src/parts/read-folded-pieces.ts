import { readSync } from 'node:fs';
import { FoldedReader, type Facts, type StackBatch } from '@stapflame/stacks';
import { SourceReader, type ByteSource } from '@stapflame/stacks/stream';
import { recognise } from '../inputs/table.ts';
import { openInputs, type Input } from '../io/inputs.ts';
import { isFolded } from './cut-folded.ts';
import type { FoldedRead, PartWork } from './part-work.ts';
import type { PartPiece } from './shares.ts';

/** Reads the folded text for one thread. */
export class FoldedPieceReader {
  /** The results for the files and parts read so far. */
  readonly read: FoldedRead[] = [];
  readonly #work: PartWork;
  readonly #stop: Int32Array;
  readonly #bytes: Int32Array;

  constructor(work: PartWork) {
    this.#work = work;
    this.#stop = new Int32Array(work.control, 0, 1);
    this.#bytes = new Int32Array(work.control, 4, 1);
  }

  async *batches(): AsyncGenerator<StackBatch> {
    for (const piece of this.#work.pieces) {
      if (piece.kind === 'part') yield* this.#part(piece);
      else yield* this.#files(piece.files);
    }
  }

  get #isStopped(): boolean {
    return Atomics.load(this.#stop, 0) !== 0;
  }

  async *#part({ descriptor, range }: PartPiece): AsyncGenerator<StackBatch> {
    let at = range.from;
    const read = (into: Uint8Array): number => {
      const room = Math.min(into.length, range.to - at);
      const length = !this.#isStopped && room > 0 ? readSync(descriptor, into, 0, room, at) : 0;
      at += length;
      Atomics.add(this.#bytes, 0, length);
      return length;
    };
    const text = yield* this.#text({ read });
    this.read.push({ ...text, descriptor, isWhole: at === range.to });
  }

  async *#files(files: readonly string[]): AsyncGenerator<StackBatch> {
    const inputs: Input[] = [];
    for await (const input of openInputs(files, inputs)) {
      await input.peek((head) => recognise(head) !== undefined);
      let before = 0;
      const source: ByteSource = {
        read: (into) => {
          Atomics.add(this.#bytes, 0, input.bytesRead - before);
          before = input.bytesRead;
          return this.#isStopped ? 0 : input.read(into);
        },
      };
      const text = yield* this.#text(source);
      const { brokenOff } = input;
      this.read.push({
        ...text,
        ...(brokenOff !== undefined && { brokenOff }),
        isWhole: !this.#isStopped,
        isOther: text.isOther || !isFolded(input.head),
      });
    }
  }

  async *#text(
    source: ByteSource,
  ): AsyncGenerator<StackBatch, Pick<FoldedRead, 'kind' | 'facts' | 'bytes' | 'ignoredLines' | 'isOther'>> {
    const reader = new FoldedReader();
    let facts: Facts = {};
    let isOther = false;
    for await (const batch of new SourceReader<StackBatch>(reader, [source])) {
      ({ facts } = batch);
      isOther = !hasPlainCounts(batch);
      // the input will be read again as a whole
      if (isOther) break;
      yield batch;
    }
    const { bytes, ignoredLines } = reader.summary();
    return { kind: 'folded', facts, bytes, ignoredLines, isOther };
  }
}

/** Whether each stack has one whole number. */
function hasPlainCounts({ weights }: StackBatch): boolean {
  return weights.length === 1 && weights[0]!.every(Number.isInteger);
}
