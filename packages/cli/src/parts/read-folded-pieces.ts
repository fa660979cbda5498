import { FoldedReader, type Facts, type StackBatch } from '@stapflame/stacks';
import { SourceReader, type ByteSource } from '@stapflame/stacks/stream';
import { recognise } from '../inputs/table.ts';
import { openInputs, type Input } from '../io/inputs.ts';
import { InputSource, PartSource, ThreadControl } from './control.ts';
import { isFolded } from './cut-folded.ts';
import type { FoldedRead, PartWork } from './part-work.ts';
import type { PartPiece } from './shares.ts';

/** Reads one thread's share of the folded text. */
export class FoldedPieceReader {
  /** The results for the files and parts read so far. */
  readonly read: FoldedRead[] = [];
  readonly #work: PartWork;
  readonly #control: ThreadControl;

  constructor(work: PartWork) {
    this.#work = work;
    this.#control = new ThreadControl(work.control);
  }

  async *batches(): AsyncGenerator<StackBatch> {
    for (const piece of this.#work.pieces) {
      if (piece.kind === 'part') yield* this.#part(piece);
      else yield* this.#files(piece.files);
    }
  }

  async *#part({ descriptor, range }: PartPiece): AsyncGenerator<StackBatch> {
    const source = new PartSource(this.#control, descriptor, range);
    const text = yield* this.#text(source);
    this.read.push({ ...text, descriptor, isWhole: source.isWhole });
  }

  async *#files(files: readonly string[]): AsyncGenerator<StackBatch> {
    const inputs: Input[] = [];
    for await (const input of openInputs(files, inputs)) {
      await input.peek((head) => recognise(head) !== undefined);
      const source = new InputSource(this.#control, input);
      const text = yield* this.#text(source);
      source.count();
      const { brokenOff } = input;
      this.read.push({
        ...text,
        ...(brokenOff !== undefined && { brokenOff }),
        isWhole: !source.isStopped,
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
      // Unless each stack has one whole-number count, all inputs are read again in one thread.
      if (isOther) break;
      yield batch;
    }
    const { bytes, ignoredLines } = reader.summary();
    return { kind: 'folded', facts, bytes, ignoredLines, isOther };
  }
}

/** Whether each stack has a single count, which is a whole number. */
function hasPlainCounts({ weights }: StackBatch): boolean {
  return weights.length === 1 && weights[0]!.every(Number.isInteger);
}
