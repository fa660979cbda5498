import {
  FoldedReader,
  FrameList,
  StackBatch,
  StackBuilder,
  type Frame,
  type FrameTable,
} from '@stapflame/stacks';
import { SourceReader, type ByteSource, type ReaderCore } from '@stapflame/stacks/stream';
import { CliError, Exit } from '../exit.ts';
import { FOLDED, recognise } from '../inputs/table.ts';
import { openInputs, type Input } from '../io/inputs.ts';
import { rootOf, ShardFacts, withProblems, type Shard } from './shard.ts';
import { cut, empty } from './survey-files.ts';

const LINE_FEED = 0x0a;

/** Reads folded files one after the other. They may be unsorted or compressed. */
export class AnyFiles {
  readonly inputs: Input[] = [];
  /** One message for each file that is lost or truncated. */
  readonly problems: string[] = [];
  readonly #shards: readonly Shard[];
  readonly #reader = new RootedReader();

  constructor(shards: readonly Shard[]) {
    this.#shards = shards;
  }

  get summary(): ReturnType<FoldedReader['summary']> {
    return this.#reader.summary();
  }

  /** Yields the stacks, each with its file's root frame. The last batch has the combined facts of all files. */
  async *batches(): AsyncGenerator<StackBatch> {
    let last: StackBatch | undefined;
    for await (const batch of new SourceReader(this.#reader, this.#sources()) as AsyncIterable<StackBatch>) {
      last = batch;
      yield batch;
    }
    if (last) yield new StackBuilder().take(new FrameList(), withProblems(last.facts, this.problems.length));
  }

  async *#sources(): AsyncGenerator<ByteSource> {
    const shards = this.#shards.values();
    const lost = ({ message }: CliError): void => {
      shards.next();
      this.problems.push(message.replace(/^cannot open (.*?): /, '$1 is lost: '));
    };
    const names = this.#shards.map(({ file }) => file);
    for await (const input of openInputs(names, this.inputs, lost)) {
      await input.peek((head) => recognise(head) !== undefined);
      const kind = recognise(input.head);
      if (kind && kind !== FOLDED)
        throw new CliError(Exit.DATA, `${input.name} is ${kind.name}; merge only reads folded stacks`);
      this.#reader.begin(shards.next().value!);
      let last = LINE_FEED;
      let length = 0;
      yield {
        async read(into) {
          const read = await input.read(into);
          if (read > 0) last = into[read - 1]!;
          length += read;
          return read;
        },
      };
      if (input.brokenOff !== undefined) continue;
      if (length === 0) this.problems.push(empty(input.name));
      else if (last !== LINE_FEED) this.problems.push(cut(input.name));
    }
    this.problems.push(...this.inputs.flatMap(({ brokenOff }) => brokenOff ?? []));
  }
}

/** Reads folded text and adds each file's root frame to its stacks. */
class RootedReader implements ReaderCore<StackBatch> {
  readonly #reader = new FoldedReader();
  readonly #facts = new ShardFacts();
  readonly #ready: StackBatch[] = [];
  #shard: Shard | undefined;
  #root: string | undefined;
  #rootIsKnown = false;
  #table: RootedTable | undefined;

  /** Starts a file. All bytes that follow belong to it. */
  begin(shard: Shard): void {
    this.#shard = shard;
    this.#rootIsKnown = false;
    this.#table = undefined;
  }

  space(): Uint8Array {
    return this.#reader.space();
  }

  advance(length: number): void {
    this.#naming(() => this.#reader.advance(length));
  }

  get full(): boolean {
    return this.#reader.full;
  }

  endInput(): void {
    this.#naming(() => {
      const facts = this.#reader.inputFacts;
      this.#reader.endInput();
      this.#facts.add(this.#shard!.file, facts);
      this.#collect();
    });
  }

  take(): StackBatch[] {
    this.#naming(() => this.#collect());
    return this.#ready.splice(0);
  }

  #naming(work: () => void): void {
    const { inputFacts } = this.#reader;
    try {
      work();
    } catch (error) {
      throw this.#facts.named(error, this.#shard!.file, { ...inputFacts, ...this.#reader.inputFacts });
    }
  }

  #collect(): void {
    for (const batch of this.#reader.take()) this.#ready.push(this.#rooted(batch));
  }

  #rooted(batch: StackBatch): StackBatch {
    if (batch.length > 0 && !this.#rootIsKnown) {
      this.#root = rootOf(this.#shard!, this.#reader.inputFacts);
      this.#rootIsKnown = true;
    }
    if (batch.length === 0 || this.#root === undefined) return batch;
    const { frames, bounds, weights, facts } = batch;
    if (this.#table?.source !== batch.table) this.#table = new RootedTable(batch.table, this.#root);
    const rooted = new Uint32Array(frames.length + batch.length);
    const ends = bounds.map((bound, i) => bound + i);
    for (let i = 0; i < batch.length; i++) {
      const to = ends[i]!;
      for (let at = bounds[i]!; at < bounds[i + 1]!; at++) rooted[to + at - bounds[i]!] = frames[at]! + 1;
      rooted[ends[i + 1]! - 1] = RootedTable.ROOT;
    }
    const columns = weights.map((column) => column.slice());
    batch.release();
    return new StackBatch({ table: this.#table, frames: rooted, bounds: ends, weights: columns, facts });
  }

  summary(): ReturnType<FoldedReader['summary']> {
    return this.#reader.summary();
  }
}

/** A frame table that adds the root frame to another table. */
class RootedTable implements FrameTable {
  static readonly ROOT = 0;
  readonly source: FrameTable;
  readonly #root: Frame;

  constructor(source: FrameTable, label: string) {
    this.source = source;
    this.#root = { label };
  }

  get size(): number {
    return this.source.size + 1;
  }

  label(id: number): string {
    return id === RootedTable.ROOT ? this.#root.label : this.source.label(id - 1);
  }

  frame(id: number): Frame {
    return id === RootedTable.ROOT ? this.#root : this.source.frame(id - 1);
  }
}
