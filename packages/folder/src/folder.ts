import {
  faultOf,
  isLabel,
  isLeafLabel,
  StackBuilder,
  type Facts,
  type FrameTable,
  type SpillStore,
  type StackBatch,
} from '@stapflame/stacks';
import { NameDictionary, type Ranking } from './dictionary.ts';
import { FolderError } from './errors.ts';
import { frameToName } from './frame-name.ts';
import { closeGeneration, rankGenerations, type ClosedGeneration } from './generation.ts';
import { RunMerger } from './merge.ts';
import { framesInMemory, framesOnDisk } from './merged-frames.ts';
import { resolveOptions, type FolderOptions, type ResolvedFolderOptions } from './options.ts';
import { Runs } from './runs.ts';
import { StackSorter } from './sort.ts';
import { StackTable } from './stack-table.ts';
import { WeightColumns } from './weight-columns.ts';

/** A summary of the folder's input and output. */
export interface FolderSummary {
  /** Number of stacks added. */
  readonly stacks: number;
  /** The sum of the added stacks' weights, for each weight column. */
  readonly weights: readonly number[];
  /** Number of distinct stacks; known only after the output has been read. */
  readonly distinct: number;
  /** Number of runs written to disk. */
  readonly spilledRuns: number;
}

/** Approximate number of frames in an output batch. */
const BATCH_FRAMES = 1 << 14;
/**
 * The initial and the maximum memory budget for a generation's names, as multiples of the stack table's memory.
 */
const NAME_SHARE = 0.5;
const MOST_NAME_SHARE = 3;
/**
 * If there are fewer frames per name than this, names may use more memory, which delays the next generation: it would
 * soon contain most of the same names anyway.
 */
const FEW_FRAMES = 8;
const NO_NUMBERS = new Uint32Array(0);

/**
 * Merges equal stacks. It accepts batches and returns batches of merged stacks, sorted frame by frame, with labels in
 * UTF-8 byte order.
 *
 * Within the memory budget, all stacks stay in one table. When the table is full, it is written to disk as a sorted run
 * that contains the names' numbers instead of the names. When there are too many names, they are written to disk in
 * sorted order, and a new generation begins, with names numbered from 1 again. At the end, the generations' name lists
 * are merged, which ranks each name among all names; then the runs are merged by these ranks.
 */
export class StackFolder {
  readonly #options: ResolvedFolderOptions;
  readonly #store: SpillStore;
  readonly #table: StackTable;
  readonly #sorter = new StackSorter();
  readonly #encoder = new TextEncoder();
  #name: Uint8Array = new Uint8Array(1 << 10);
  /** The names in the current generation. The generation's runs on disk contain the names' numbers. */
  readonly #names: NameDictionary;
  #runs: Runs;
  readonly #closed: ClosedGeneration[] = [];
  #source: FrameTable | undefined;
  /** The number of each frame's name, indexed by frame number in the source table; 0 for a frame not seen yet. */
  #nameOf = new Uint32Array(1 << 12);
  /** Numbers of the names that are not allowed as leaf labels. */
  readonly #noLeaves = new Set<number>();
  #stacks = 0;
  #distinct = 0;
  #spilledRuns = 0;
  #facts: Facts = {};
  /** Number of frames in this generation's stacks. */
  #frames = 0;
  readonly #columns = new WeightColumns();
  /** One stack's weights; {@link #weightsOf} reuses this array. */
  readonly #weights: number[] = [];

  constructor(store: SpillStore, options: FolderOptions = {}) {
    this.#options = resolveOptions(options);
    this.#store = store;
    this.#table = new StackTable(this.#options.memory);
    this.#names = new NameDictionary(this.#options.memory * NAME_SHARE);
    this.#runs = new Runs(store);
  }

  /** Adds a batch's stacks, and then releases the batch. */
  push(batch: StackBatch): void {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new FolderError('INVALID_STACKS', fault);
    this.#facts = batch.facts;
    this.#useTable(batch.table);
    const { bounds, weights, frames } = batch;
    if (this.#table.weights.length < weights.length) {
      this.#table.addWeightColumn();
      this.#columns.addColumn();
    }
    const first = weights[0]!;
    // if other stacks have two weights, a stack's single weight counts as both 'before' and 'after'
    const second = this.#columns.count > 1 ? (weights[1] ?? first) : undefined;
    for (let i = 0; i < batch.length; i++) {
      const stack = this.#addStack(frames, bounds[i]!, bounds[i + 1]!);
      this.#addWeight(stack, 0, first[i]!);
      if (second) this.#addWeight(stack, 1, second[i]!);
    }
    this.#stacks += batch.length;
    batch.release();
  }

  #useTable(table: FrameTable): void {
    if (table !== this.#source) {
      this.#source = table;
      this.#nameOf.fill(0);
    }
    if (table.size <= this.#nameOf.length) return;
    const larger = new Uint32Array(table.size * 2);
    larger.set(this.#nameOf);
    this.#nameOf = larger;
  }

  /**
   * Adds the stack `ids[from … to − 1]`, leaf first, and returns its number. One loop maps frames to names, reverses
   * the stack and computes its hash: a gigabyte of trace has twelve million frames, so each additional loop would take
   * 0.1 s.
   */
  #addStack(ids: Uint32Array, from: number, to: number): number {
    const depth = to - from;
    const table = this.#table;
    if (!table.hasRoom(depth)) {
      this.#spill();
      table.makeRoom(depth);
    }
    if (this.#names.full) this.#makeRoomForNames();
    this.#frames += depth;
    const nameOf = this.#nameOf;
    const { frames, next } = table;
    let hash = depth;
    for (let at = next, id = to - 1; id >= from; at++, id--) {
      let name = nameOf[ids[id]!]!;
      if (name === 0) name = this.#mapName(ids[id]!);
      frames[at] = name;
      hash = Math.imul(hash ^ name, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    if (this.#noLeaves.size > 0) this.#checkLeaf(ids[from]!, frames[next + depth - 1]!);
    return table.add(depth, hash);
  }

  /**
   * Raises the memory budget for names if there are few frames per name and the limit has not been reached. Otherwise,
   * begins a new generation.
   */
  #makeRoomForNames(): void {
    const meetsManyNames = this.#frames < this.#names.size * FEW_FRAMES;
    if (!meetsManyNames || !this.#names.enlarge(this.#options.memory * MOST_NAME_SHARE))
      this.#closeGeneration();
  }

  #mapName(id: number): number {
    const frames = this.#source!;
    const label = frames.label(id);
    if (!isLabel(label)) {
      throw new FolderError(
        'INVALID_STACKS',
        `frame ${id} has the label ${JSON.stringify(label)}, which is not allowed in folded text; make labels with labelOf`,
      );
    }
    const name = this.#options.mergeBy === 'label' ? label : frameToName(frames.frame(id));
    // a UTF-16 code unit takes up to three bytes in UTF-8
    if (name.length * 3 > this.#name.length) this.#name = new Uint8Array(name.length * 6);
    const { written } = this.#encoder.encodeInto(name, this.#name);
    const number = this.#names.intern(this.#name, written);
    if (!isLeafLabel(label)) this.#noLeaves.add(number);
    return (this.#nameOf[id] = number);
  }

  #checkLeaf(id: number, name: number): void {
    if (!this.#noLeaves.has(name)) return;
    throw new FolderError(
      'INVALID_STACKS',
      `the leaf label ${JSON.stringify(this.#source!.label(id))} ends in a blank and a number, which would be read as a count in folded text; make leaf labels with leafLabelOf`,
    );
  }

  #addWeight(stack: number, column: number, weight: number): void {
    this.#table.weights[column]![stack]! += weight;
    this.#columns.add(column, weight);
  }

  /** Returns the stacks' numbers in sorted order. Replaces the frames in the table with their ranks. */
  #sort({ rankOf }: Ranking): Uint32Array {
    const { frames, starts, size } = this.#table;
    for (let i = 0, end = starts[size]!; i < end; i++) frames[i] = rankOf[frames[i]!]!;
    return this.#sorter.sort(frames, starts, size, rankOf.length);
  }

  /** Writes the table to disk as a sorted run. */
  #spill(): void {
    const table = this.#table;
    if (table.size === 0) return;
    const ranking = this.#names.ranking();
    const order = this.#sort(ranking);
    const { frames, starts, weights } = table;
    this.#runs.write(weights.length, this.#columns.isWhole, ranking, (writer) => {
      for (const stack of order)
        writer.add(frames, starts[stack]!, starts[stack + 1]! - starts[stack]!, this.#weightsOf(stack));
    });
    this.#spilledRuns++;
    table.clear();
  }

  /** Writes the names and all stacks to disk, because the dictionary is full. */
  #closeGeneration(): void {
    this.#spill();
    this.#closed.push(closeGeneration(this.#names, this.#runs, this.#store));
    this.#runs = new Runs(this.#store);
    this.#nameOf.fill(0);
    this.#frames = 0;
    this.#noLeaves.clear();
  }

  /** Returns the merged stacks in order, in one or more batches that carry the facts. Call this only once. */
  *finish(): Generator<StackBatch> {
    this.#source = undefined;
    this.#nameOf = NO_NUMBERS;
    try {
      if (this.#closed.length > 0) yield* this.#mergeGenerations();
      else {
        const names = this.#names;
        const runs = this.#runs;
        if (!runs.empty) this.#spill();
        const ranking = names.ranking();
        const frames = framesInMemory(names, ranking);
        if (runs.empty) yield* this.#batchesOfTable(frames, ranking);
        else
          yield* this.#batchesOfRuns(
            frames,
            new RunMerger(runs.ranked(ranking.rankOf), this.#table.weights.length),
          );
      }
    } finally {
      this.dispose();
    }
  }

  #mergeGenerations(): Generator<StackBatch> {
    this.#closeGeneration();
    const { list, runs } = rankGenerations(this.#closed, this.#store);
    return this.#batchesOfRuns(framesOnDisk(list), new RunMerger(runs, this.#table.weights.length));
  }

  *#batchesOfTable(frames: FrameTable, ranking: Ranking): Generator<StackBatch> {
    const { frames: ids, starts, size } = this.#table;
    this.#distinct = size;
    const builder = this.#newBuilder();
    for (const stack of this.#sort(ranking)) {
      const [weight, second] = this.#columns.round(this.#weightsOf(stack));
      builder.addRootFirst(ids, starts[stack]!, starts[stack + 1]!, weight!, second);
      if (builder.frameCount >= BATCH_FRAMES) yield this.#take(builder, frames);
    }
    yield this.#take(builder, frames);
  }

  *#batchesOfRuns(frames: FrameTable, merger: RunMerger): Generator<StackBatch> {
    const builder = this.#newBuilder();
    for (let stack = merger.next(); stack; stack = merger.next()) {
      this.#distinct++;
      const [weight, second] = this.#columns.round(stack.weights);
      builder.addRootFirst(stack.values, 0, stack.length, weight!, second);
      if (builder.frameCount >= BATCH_FRAMES) yield this.#take(builder, frames);
    }
    yield this.#take(builder, frames);
  }

  #newBuilder(): StackBuilder {
    const builder = new StackBuilder();
    builder.weightColumns = this.#columns.count;
    return builder;
  }

  #take(builder: StackBuilder, frames: FrameTable): StackBatch {
    const { isInexact } = this.#columns;
    return builder.take(frames, { ...this.#facts, order: 'frame', ...(isInexact && { inexact: true }) });
  }

  /** Returns a stack's weights, in an array that the next call overwrites. */
  #weightsOf(stack: number): number[] {
    const { weights } = this.#table;
    for (let column = 0; column < weights.length; column++) this.#weights[column] = weights[column]![stack]!;
    return this.#weights;
  }

  /** Frees memory and closes temporary files. */
  dispose(): void {
    for (const { runs } of this.#closed) runs.remove();
    this.#runs.remove();
    this.#table.clear();
  }

  summary(): FolderSummary {
    const { sums } = this.#columns;
    return { stacks: this.#stacks, weights: sums, distinct: this.#distinct, spilledRuns: this.#spilledRuns };
  }
}
