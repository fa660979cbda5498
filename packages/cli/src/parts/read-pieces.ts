import { readSync } from 'node:fs';
import type { Facts, StackBatch } from '@stapflame/stacks';
import { SourceReader, type ByteSource } from '@stapflame/stacks/stream';
import { TraceParser } from '@stapflame/stap-parser';
import { parserOptions } from '../commands/trace-options.ts';
import { recognise } from '../inputs/table.ts';
import { openInputs, type Input } from '../io/inputs.ts';
import type { FilesRead, PartRead, PartWork } from './part-work.ts';
import { isTrace } from './cut-traces.ts';
import type { FilesPiece, PartPiece } from './shares.ts';

/** Reads the traces for one thread. */
export class PieceReader {
  /** The results for the pieces read so far. */
  readonly read: (PartRead | FilesRead)[] = [];
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
      const parser = new TraceParser(parserOptions(this.#work.flags));
      if (piece.kind === 'part') yield* this.#part(piece, parser);
      else yield* this.#files(piece, parser);
    }
  }

  get #isStopped(): boolean {
    return Atomics.load(this.#stop, 0) !== 0;
  }

  async *#part({ descriptor, range, header }: PartPiece, parser: TraceParser): AsyncGenerator<StackBatch> {
    parser.push(Buffer.from(header));
    const headComments = parser.comments;
    let at = range.from;
    let isPrefixed = false;
    let isFramed = false;
    const source = {
      read: (into: Uint8Array): number => {
        const room = Math.min(into.length, range.to - at);
        const length = !this.#isStopped && room > 0 ? readSync(descriptor, into, 0, room, at) : 0;
        at += length;
        Atomics.add(this.#bytes, 0, length);
        // the parser forgets them at the end of the input
        ({ isPrefixed, isFramed } = parser);
        return length;
      },
    };
    yield* batchesOf(parser, [source]);
    const comments = parser.comments - headComments;
    const part = { from: range.from, summary: parser.summary(), comments, isPrefixed, isFramed };
    this.read.push({ kind: 'part', part, isWhole: at === range.to });
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
      let isStopped = false;
      let before = 0;
      yield {
        read: (into) => {
          Atomics.add(this.#bytes, 0, input.bytesRead - before);
          before = input.bytesRead;
          isStopped = this.#isStopped;
          return isStopped ? 0 : input.read(into);
        },
      };
      Atomics.add(this.#bytes, 0, input.bytesRead - before);
      if (!isStopped) continue;
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
