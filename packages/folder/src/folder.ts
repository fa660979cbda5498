import { batchOf, checkColumns, rootEnd, type StackColumns } from './batch.ts';
import { FolderError } from './errors.ts';

import { Names, type Ranking } from './names.ts';
import { resolveOptions, type FolderOptions, type ResolvedFolderOptions } from './options.ts';
import { Runs } from './runs.ts';
import { StackSorter } from './sort.ts';
import type { SpillStore } from './spill.ts';
import { StackTable } from './stack-table.ts';
import { encodeNames, type NameBytes } from './name-bytes.ts';
import { TEXT_BYTES, writeText } from './text-run.ts';
import { ColumnsWriter, TextColumnsWriter } from './write/columns-writer.ts';
import { FoldedWriter, SEMICOLON } from './write/folded-writer.ts';
import type { SortedStacksWriter } from './write/sorted-stacks.ts';

/** Names of one dictionary: beyond them its stacks go to disk as text and a new one is begun. */
const MAX_NAMES = 1 << 16;
const MAX_NAME_CHARACTERS = 1 << 22;

/** What went in and what came out. */
export interface FolderSummary {
  /** Stacks added. */
  readonly stacks: number;
  /** Sum of their weights, by column. */
  readonly weights: readonly number[];
  /** Lines written: distinct stacks. Known once the output is read. */
  readonly distinct: number;
  /** Runs that went to disk. */
  readonly spilledRuns: number;
}

/**
 * Merges equal stacks and gives them as folded text, sorted frame by frame, names in UTF-8 byte order.
 *
 * Within the memory budget everything stays in one table. Beyond it the table goes to disk as a sorted
 * run of name numbers; when the dictionary of names is full, its runs become one run of text.
 */
export class StackFolder {
  readonly #options: ResolvedFolderOptions;
  readonly #store: SpillStore;
  readonly #table: StackTable;
  readonly #sorter = new StackSorter();
  #names = new Names(MAX_NAMES, MAX_NAME_CHARACTERS);
  #runs: Runs;
  readonly #textRuns: Runs;
  #source: StackColumns['table'] | undefined;
  /** Name number by frame id of the current source table; 0 where not yet known. */
  #nameOf = new Uint32Array(1 << 12);
  #stacks = 0;
  #distinct = 0;
  #spilledBefore = 0;
  #whole = true;
  readonly #sums: number[] = [0];
  readonly #weights: number[] = [];

  constructor(store: SpillStore, options: FolderOptions = {}) {
    this.#options = resolveOptions(options);
    this.#store = store;
    this.#table = new StackTable(this.#options.memory);
    this.#runs = new Runs(store);
    this.#textRuns = new Runs(store);
  }

  add(batch: StackColumns): void {
    checkColumns(batch);
    if (batch.table !== this.#source) {
      this.#source = batch.table;
      this.#nameOf.fill(0);
    }
    if (batch.table.labels.length > this.#nameOf.length) this.#growNames(batch.table.labels.length);
    if (this.#table.weights.length < batch.weights.length) {
      this.#table.addWeightColumn();
      this.#sums.push(this.#sums[0]!);
    }
    const { bounds, weights } = batch;
    const { base } = this.#options;
    const first = weights[0]!;
    // one weight where others have two: nothing changed
    const second = this.#sums.length > 1 ? (weights[1] ?? first) : undefined;
    for (let i = 0; i < bounds.length - 1; i++) {
      const from = bounds[i]!;
      const to = rootEnd(batch, from, bounds[i + 1]!, base);
      if (to === from && base !== undefined) continue;
      const stack = this.#addStack(batch.frames, from, to);
      this.#stacks++;
      this.#addWeight(stack, 0, first[i]!);
      if (second) this.#addWeight(stack, 1, second[i]!);
    }
    batch.release?.();
  }

  #growNames(least: number): void {
    const larger = new Uint32Array(least * 2);
    larger.set(this.#nameOf);
    this.#nameOf = larger;
  }

  /**
   * Adds a stack by its frame ids, leaf first. Names are mapped, turned around and hashed in one loop: with
   * twelve million frames a gigabyte each further pass costs a tenth of a second.
   */
  #addStack(ids: Uint32Array, from: number, to: number): number {
    const depth = to - from;
    const table = this.#table;
    if (!table.hasRoom(depth)) {
      table.checkDepth(depth);
      this.#spill();
      table.deepen(depth);
    }
    if (this.#names.full) this.#spillNames();
    const nameOf = this.#nameOf;
    const { frames, next } = table;
    const reverse = this.#options.reverse;
    const step = reverse ? 1 : -1;
    let id = reverse ? from : to - 1;
    let hash = depth;
    for (let at = next; at < next + depth; at++, id += step) {
      let name = nameOf[ids[id]!]!;
      if (name === 0) name = this.#mapName(ids[id]!);
      frames[at] = name;
      hash = Math.imul(hash ^ name, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return table.add(depth, hash);
  }

  #mapName(frame: number): number {
    const label = this.#source!.labels[frame];
    if (label === undefined) {
      throw new FolderError(
        'INVALID_BATCH',
        `a batch names frame ${frame}, but its table has ${this.#source!.labels.length}`,
      );
    }
    return (this.#nameOf[frame] = this.#names.find(label) ?? this.#names.add(label));
  }

  #addWeight(stack: number, column: number, weight: number): void {
    const weights = this.#table.weights[column]!;
    const sum = weights[stack]! + weight;
    weights[stack] = sum;
    this.#sums[column]! += weight;
    if (!Number.isInteger(weight)) this.#whole = false;
    if (!(sum <= Number.MAX_SAFE_INTEGER) || this.#sums[column]! > Number.MAX_SAFE_INTEGER)
      this.#refuse(this.#text(stack), sum);
  }

  #refuse(stack: string, sum: number): never {
    const shown = stack.length > 200 ? `${stack.slice(0, 200)}…` : stack;
    throw new FolderError(
      'SUM_TOO_LARGE',
      `with the stack ${shown} the sum of counts (${sum} for this stack alone) passes ${Number.MAX_SAFE_INTEGER}, the largest exact one; fold the input in parts`,
      { foldedStack: shown },
    );
  }

  #text(stack: number): string {
    const { frames, starts } = this.#table;
    return Array.from(frames.subarray(starts[stack], starts[stack + 1]), (name) =>
      this.#names.name(name),
    ).join(';');
  }

  /** The stacks of the table in name order; its frames are turned into ranks in place. */
  #sort({ rankOf }: Ranking): Uint32Array {
    const { frames, starts, size } = this.#table;
    for (let i = 0, end = starts[size]!; i < end; i++) frames[i] = rankOf[frames[i]!]!;
    return this.#sorter.sort(frames, starts, size, rankOf.length);
  }

  /** The table goes to disk, sorted; name numbers stay valid, ranks do not. */
  #spill(): void {
    const table = this.#table;
    if (table.size === 0) return;
    const ranking = this.#names.ranking();
    const order = this.#sort(ranking);
    const { frames, starts, weights } = table;
    this.#runs.write(weights.length, this.#whole, ranking, (writer) => {
      for (const stack of order) {
        writer.add(frames, starts[stack]!, starts[stack + 1]! - starts[stack]!, this.#weightsOf(stack));
      }
    });
    table.clear();
  }

  /** The dictionary is full: all its stacks become one run of text, whose numbers are bytes. */
  #spillNames(): void {
    this.#spill();
    const ranking = this.#names.ranking();
    const names = this.#encodedNames(ranking);
    this.#textRuns.write(this.#table.weights.length, this.#whole, undefined, (writer) => {
      writeText(this.#runs.merged(ranking.rankOf, this.#table.weights.length), names, writer);
    });
    this.#spilledBefore += this.#runs.written;
    this.#runs.remove();
    this.#runs = new Runs(this.#store);
    this.#names = new Names(MAX_NAMES, MAX_NAME_CHARACTERS);
    this.#nameOf.fill(0);
  }

  #encodedNames({ order }: Ranking): NameBytes {
    return encodeNames(order.length, (rank) => this.#names.name(order[rank]!));
  }

  /** The folded text, in chunks of about 64 KiB. Read once; the folder is empty afterwards. */
  *finish(): Generator<Uint8Array> {
    for (const text of this.finishInPlace()) yield text.slice();
  }

  /** The same without a copy: each chunk is void once the next is asked for. */
  *finishInPlace(): Generator<Uint8Array> {
    yield* this.#pieces(
      (ranking) => new FoldedWriter(this.#encodedNames(ranking), SEMICOLON),
      () => new FoldedWriter(TEXT_BYTES, undefined),
    );
    const comment = this.#options.comment?.();
    if (comment !== undefined) yield new TextEncoder().encode(`${comment}\n`);
  }

  /** The merged stacks as batches, sorted frame by frame; the comment comes with the last. */
  *finishColumns(): Generator<StackColumns> {
    const columns = this.#table.weights.length;
    yield* this.#pieces(
      ({ order }) =>
        new ColumnsWriter(
          Array.from(order, (id) => this.#names.name(id)),
          columns,
        ),
      () => new TextColumnsWriter(columns),
    );
    const comment = this.#options.comment?.();
    if (comment !== undefined) yield { ...batchOf([]), comment };
  }

  /** All stacks in order, as a writer of numbers that stand for names, or for bytes of text, makes them. */
  *#pieces<Piece>(
    ofNames: (ranking: Ranking) => SortedStacksWriter<Piece>,
    ofText: () => SortedStacksWriter<Piece>,
  ): Generator<Piece> {
    try {
      if (!this.#textRuns.empty) {
        this.#spillNames();
        yield* this.#writeRuns(ofText(), this.#textRuns, undefined);
        return;
      }
      if (!this.#runs.empty) this.#spill();
      const ranking = this.#names.ranking();
      const writer = ofNames(ranking);
      if (this.#runs.empty) yield* this.#writeTable(writer, ranking);
      else yield* this.#writeRuns(writer, this.#runs, ranking.rankOf);
    } finally {
      this.remove();
    }
  }

  *#writeTable<Piece>(writer: SortedStacksWriter<Piece>, ranking: Ranking): Generator<Piece> {
    const table = this.#table;
    const { frames, starts } = table;
    this.#distinct = table.size;
    for (const stack of this.#sort(ranking)) {
      const from = starts[stack]!;
      if (writer.add(frames, from, starts[stack + 1]! - from, this.#weightsOf(stack))) yield writer.take();
    }
    yield writer.take();
  }

  /** The stack's weights, in an array that is used again. */
  #weightsOf(stack: number): readonly number[] {
    const { weights } = this.#table;
    for (let column = 0; column < weights.length; column++) this.#weights[column] = weights[column]![stack]!;
    return this.#weights;
  }

  *#writeRuns<Piece>(
    writer: SortedStacksWriter<Piece>,
    runs: Runs,
    rankOf: Uint32Array | undefined,
  ): Generator<Piece> {
    const merger = runs.merged(rankOf, this.#table.weights.length);
    for (let stack = merger.next(); stack; stack = merger.next()) {
      this.#distinct++;
      if (writer.add(stack.values, 0, stack.length, stack.weights)) yield writer.take();
    }
    yield writer.take();
  }

  /** Gives back memory and temporary files. */
  remove(): void {
    this.#spilledBefore += this.#runs.written;
    this.#runs.remove();
    this.#textRuns.remove();
    this.#runs = new Runs(this.#store);
    this.#table.clear();
  }

  summary(): FolderSummary {
    const spilledRuns = this.#spilledBefore + this.#runs.written + this.#textRuns.written;
    return { stacks: this.#stacks, weights: [...this.#sums], distinct: this.#distinct, spilledRuns };
  }
}
