import { checkColumns, type StackColumns } from './batch.ts';
import { FolderError } from './errors.ts';
import { FoldedWriter, SEMICOLON } from './folded-writer.ts';
import { Names, type Ranking } from './names.ts';
import { resolveOptions, type FolderOptions, type ResolvedFolderOptions } from './options.ts';
import { Runs, sortTable } from './runs.ts';
import type { SpillStore } from './spill.ts';
import { StackTable } from './stack-table.ts';

/** Names of one dictionary: beyond them its stacks go to disk as text and a new one is begun. */
const MAX_NAMES = 1 << 16;
const MAX_NAME_CHARACTERS = 1 << 22;
/** Stands between names in runs of text; sorts before any byte of a name, which holds no control character. */
const TEXT_SEPARATOR = 1;

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
    const first = weights[0]!;
    // one weight where others have two: nothing changed
    const second = this.#sums.length > 1 ? (weights[1] ?? first) : undefined;
    for (let i = 0; i < bounds.length - 1; i++) {
      const stack = this.#addStack(batch.frames, bounds[i]!, bounds[i + 1]!);
      this.#addWeight(stack, 0, first[i]!);
      if (second) this.#addWeight(stack, 1, second[i]!);
    }
    this.#stacks += bounds.length - 1;
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

  /** The table goes to disk, sorted; name numbers stay valid, ranks do not. */
  #spill(): void {
    const table = this.#table;
    if (table.size === 0) return;
    const ranking = this.#names.ranking();
    const order = sortTable(table, ranking);
    const { frames, starts, weights } = table;
    for (let i = 0, end = starts[table.size]!; i < end; i++) frames[i] = ranking.order[frames[i]!]!;
    this.#runs.write(weights.length, this.#whole, ranking.rankOf, (writer) => {
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
      let text = new Uint32Array(1 << 12);
      for (const stack of this.#runs.merged(ranking.rankOf, this.#table.weights.length)) {
        let length = 0;
        for (let i = 0; i < stack.length; i++) {
          const name = names[stack.values[i]!]!;
          if (length + name.length + 1 > text.length) {
            const larger = new Uint32Array((length + name.length) * 2);
            larger.set(text);
            text = larger;
          }
          if (i > 0) text[length++] = TEXT_SEPARATOR;
          for (const byte of name) text[length++] = byte;
        }
        writer.add(text, 0, length, stack.weights);
      }
    });
    this.#spilledBefore += this.#runs.written;
    this.#runs.remove();
    this.#runs = new Runs(this.#store);
    this.#names = new Names(MAX_NAMES, MAX_NAME_CHARACTERS);
    this.#nameOf.fill(0);
  }

  #encodedNames({ order }: Ranking): Uint8Array[] {
    const encoder = new TextEncoder();
    return Array.from(order, (id) => encoder.encode(this.#names.name(id)));
  }

  /** The folded text, in chunks of about 64 KiB. Read once; the folder is empty afterwards. */
  *finish(): Generator<Uint8Array> {
    for (const text of this.finishInPlace()) yield text.slice();
  }

  /** The same without a copy: each chunk is void once the next is asked for. */
  *finishInPlace(): Generator<Uint8Array> {
    try {
      let writer: FoldedWriter;
      if (!this.#textRuns.empty) {
        this.#spillNames();
        writer = new FoldedWriter(TEXT_BYTES, undefined);
        yield* this.#writeRuns(writer, this.#textRuns, undefined);
      } else {
        if (!this.#runs.empty) this.#spill();
        const ranking = this.#names.ranking();
        writer = new FoldedWriter(this.#encodedNames(ranking), SEMICOLON);
        if (this.#runs.empty) yield* this.#writeTable(writer, ranking);
        else yield* this.#writeRuns(writer, this.#runs, ranking.rankOf);
      }
      const comment = this.#options.comment?.();
      if (comment !== undefined) writer.comment(comment);
      yield writer.take();
    } finally {
      this.remove();
    }
  }

  *#writeTable(writer: FoldedWriter, ranking: Ranking): Generator<Uint8Array> {
    const table = this.#table;
    const { frames, starts } = table;
    this.#distinct = table.size;
    for (const stack of sortTable(table, ranking)) {
      const from = starts[stack]!;
      if (writer.add(frames, from, starts[stack + 1]! - from, this.#weightsOf(stack))) yield writer.take();
    }
  }

  /** The stack's weights, in an array that is used again. */
  #weightsOf(stack: number): readonly number[] {
    const { weights } = this.#table;
    for (let column = 0; column < weights.length; column++) this.#weights[column] = weights[column]![stack]!;
    return this.#weights;
  }

  *#writeRuns(writer: FoldedWriter, runs: Runs, rankOf: Uint32Array | undefined): Generator<Uint8Array> {
    for (const stack of runs.merged(rankOf, this.#table.weights.length)) {
      this.#distinct++;
      if (writer.add(stack.values, 0, stack.length, stack.weights)) yield writer.take();
    }
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

/** What each number of a text run is written as. */
const TEXT_BYTES: readonly Uint8Array[] = Array.from({ length: 256 }, (_, byte) =>
  Uint8Array.of(byte === TEXT_SEPARATOR ? SEMICOLON : byte),
);
