import type { StackColumns } from '../batch.ts';
import { ColumnsBuilder } from '../columns-builder.ts';
import { NameTable } from '../name-table.ts';
import { TEXT_SEPARATOR } from '../text-run.ts';
import type { SortedStacksWriter } from './sorted-stacks.ts';

/** Frames of one batch. */
const BATCH = 1 << 13;
const TEXT_SEPARATORS = TEXT_SEPARATOR * 0x01010101;

/** Writes sorted stacks, whose numbers stand for labels, as batches. */
export class ColumnsWriter implements SortedStacksWriter<StackColumns> {
  readonly #columns = new ColumnsBuilder();
  readonly #table: StackColumns['table'];
  readonly #weightColumns: number;

  /** @param labels by number */
  constructor(labels: readonly string[], weightColumns: number) {
    this.#table = { labels };
    this.#weightColumns = weightColumns;
  }

  add(frames: Uint32Array, from: number, depth: number, weights: readonly number[]): boolean {
    for (let at = from; at < from + depth; at++) this.#columns.addFrame(frames[at]!);
    this.#columns.endRootFirst(weights[0]!, weights[1] ?? weights[0]!);
    return this.#columns.frameCount >= BATCH;
  }

  take(): StackColumns {
    return this.#columns.take(this.#table, this.#weightColumns);
  }
}

/** The same where the numbers are the bytes of the stack's text. */
export class TextColumnsWriter implements SortedStacksWriter<StackColumns> {
  readonly #columns = new ColumnsBuilder();
  readonly #names = new NameTable();
  readonly #weightColumns: number;
  #bytes = new Uint8Array(1 << 12);
  #view = new DataView(this.#bytes.buffer);

  constructor(weightColumns: number) {
    this.#weightColumns = weightColumns;
  }

  add(text: Uint32Array, from: number, length: number, weights: readonly number[]): boolean {
    if (length > this.#bytes.length) {
      this.#bytes = new Uint8Array(length * 2);
      this.#view = new DataView(this.#bytes.buffer);
    }
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) bytes[i] = text[from + i]!;
    for (let at = 0; ; at = this.#names.end + 1) {
      this.#columns.addFrame(this.#names.next(this.#view, at, length, TEXT_SEPARATORS));
      if (this.#names.end === length) break;
    }
    this.#columns.endRootFirst(weights[0]!, weights[1] ?? weights[0]!);
    return this.#columns.frameCount >= BATCH || this.#names.full;
  }

  take(): StackColumns {
    const batch = this.#columns.take(this.#names.table, this.#weightColumns);
    if (this.#names.full) this.#names.renew();
    return batch;
  }
}
