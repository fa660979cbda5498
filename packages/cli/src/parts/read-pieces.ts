import type { Facts, StackBatch } from '@stapflame/stacks';
import { SourceReader, type ByteSource } from '@stapflame/stacks/stream';
import { TraceParser } from '@stapflame/stap-parser';
import { parserOptions } from '../commands/trace-options.ts';
import { recognise } from '../inputs/table.ts';
import { openInputs, type Input } from '../io/inputs.ts';
import { InputSource, PartSource, ThreadControl } from './control.ts';
import { isTrace } from './cut-traces.ts';
import type { FilesRead, PartRead, PartWork } from './part-work.ts';
import type { FilesPiece, PartPiece } from './shares.ts';

/** Reads one thread's share of the traces. */
export class PieceReader {
  /** The results for the pieces read so far. */
  readonly read: (PartRead | FilesRead)[] = [];
  readonly #work: PartWork;
  readonly #control: ThreadControl;

  constructor(work: PartWork) {
    this.#work = work;
    this.#control = new ThreadControl(work.control);
  }

  async *batches(): AsyncGenerator<StackBatch> {
    for (const piece of this.#work.pieces) {
      const parser = new TraceParser(parserOptions(this.#work.flags));
      if (piece.kind === 'part') yield* this.#part(piece, parser);
      else yield* this.#files(piece, parser);
    }
  }

  async *#part({ descriptor, range, header }: PartPiece, parser: TraceParser): AsyncGenerator<StackBatch> {
    parser.push(Buffer.from(header));
    const headComments = parser.comments;
    const source = new PartSource(this.#control, descriptor, range);
    let isPrefixed = false;
    let isFramed = false;
    const read = (into: Uint8Array): number => {
      const length = source.read(into);
      // The parser forgets `isPrefixed` and `isFramed` at the end of the input.
      ({ isPrefixed, isFramed } = parser);
      return length;
    };
    yield* batchesOf(parser, [{ read }]);
    const comments = parser.comments - headComments;
    const part = { from: range.from, summary: parser.summary(), comments, isPrefixed, isFramed };
    this.read.push({ kind: 'part', part, isWhole: source.isWhole });
  }

  async *#files({ files }: FilesPiece, parser: TraceParser): AsyncGenerator<StackBatch> {
    const inputs: Input[] = [];
    const told: Pick<FilesRead, 'stoppedIn' | 'isOther'>[] = [];
    let facts: Facts = {};
    for await (const batch of batchesOf(parser, this.#sources(files, inputs, told))) {
      ({ facts } = batch);
      yield batch;
    }
    const summary = parser.summary();
    this.read.push({
      kind: 'files',
      read: { summary, facts, isKnown: summary.records > 0 || parser.comments > 0 },
      brokenOff: inputs.flatMap(({ brokenOff }) => brokenOff ?? []),
      left: files.slice(inputs.length),
      ...told.find(({ stoppedIn }) => stoppedIn !== undefined),
      isOther: told.some(({ isOther }) => isOther),
    });
  }

  async *#sources(
    files: readonly string[],
    inputs: Input[],
    told: Pick<FilesRead, 'stoppedIn' | 'isOther'>[],
  ): AsyncGenerator<ByteSource> {
    for await (const input of openInputs(files, inputs)) {
      if (!this.#work.kindIsGiven) await input.peek((head) => recognise(head) !== undefined);
      const isOther = !this.#work.kindIsGiven && !isTrace(input.head);
      if (isOther) {
        told.push({ isOther });
        return;
      }
      const source = new InputSource(this.#control, input);
      yield source;
      source.count();
      if (!source.isStopped) continue;
      told.push({ isOther, stoppedIn: { name: input.name, bytes: input.bytesRead } });
      return;
    }
  }
}

function batchesOf(
  parser: TraceParser,
  sources: Iterable<ByteSource> | AsyncIterable<ByteSource>,
): AsyncIterable<StackBatch> {
  return new SourceReader<StackBatch>(parser, sources);
}
