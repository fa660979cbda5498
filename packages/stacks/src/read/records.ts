import type { StackBatch } from '../batch.ts';
import type { Frame } from '../frames.ts';
import { DAMAGED, leafLabelOf, UNKNOWN } from '../label.ts';
import { BatchQueue } from './batch-queue.ts';
import { InputFacts } from './input-facts.ts';
import { LineFrames, NO_FRAME, WORD, type RootFields } from './line-frames.ts';
import { ReadTally, type Damage } from './summary.ts';

/** Limits for records and tables. */
export interface RecordLimits {
  /** Maximum number of lines in a record. */
  readonly maxRecordLines: number;
  /** Maximum number of frames in a table. */
  readonly maxTableFrames: number;
}

/** The records that a parser reads: the words for the open record's lines, and the stacks of the finished records. */
export class Records {
  readonly tally: ReadTally = new ReadTally();
  readonly facts: InputFacts = new InputFacts();
  readonly #queue = new BatchQueue();
  readonly #limits: RecordLimits;
  readonly #rootFields: RootFields;
  #frames = new LineFrames();
  #words = new Uint32Array(256);
  #length = 0;
  /** The open record's words, combined with OR. */
  #seen = 0;

  /** @param rootFields the fields shared by all root frames */
  constructor(limits: RecordLimits, rootFields: RootFields = {}) {
    this.#limits = limits;
    this.#rootFields = rootFields;
  }

  /** The frames in the lines read so far. */
  get frames(): LineFrames {
    return this.#frames;
  }

  /** Number of lines in the open record. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds the lines `words[from … to − 1]` to the open record. Returns `false` if not all of them fit within the limit
   * for a record. Bits outside `WORD` are ignored.
   */
  add(words: Uint32Array, from: number, to: number): boolean {
    const room = Math.min(to - from, this.#limits.maxRecordLines - this.#length);
    this.#reserve(room);
    for (let i = from; i < from + room; i++) {
      const word = words[i]! & WORD;
      this.#seen |= word;
      this.#words[this.#length++] = word;
    }
    return room === to - from;
  }

  /** Adds a line that the scanner does not recognise. Calls `frames` only if the text is new. */
  addLine(text: string, frames: () => readonly Frame[]): boolean {
    return this.add(Uint32Array.of(this.#frames.known(text, frames)), 0, 1);
  }

  #push(word: number): void {
    this.#reserve(1);
    this.#words[this.#length++] = word;
  }

  clear(): void {
    this.#length = 0;
    this.#seen = 0;
  }

  #reserve(words: number): void {
    if (this.#length + words <= this.#words.length) return;
    const larger = new Uint32Array((this.#length + words) * 2);
    larger.set(this.#words);
    this.#words = larger;
  }

  /** Replaces the open record's leaf with the result of `change`. */
  mapLeaf(change: (leaf: Frame) => Frame): void {
    if (this.#length === 0) return;
    this.#expand();
    const leaf = this.#words[0]!;
    this.#words[0] = this.#frames.known(`\n${leaf}`, () => [change(this.#frames.table.frame(leaf))]);
  }

  /**
   * Ends the open record, and makes a stack from its lines and the given root frames. Both are leaf first, so the
   * outermost root frame comes last. If the record is damaged, `[damaged]` replaces its lines.
   */
  end(weight: number, roots: readonly string[] = [], damage?: Damage): void {
    this.tally.add(weight, damage);
    if (damage) this.#length = 0;
    else if ((this.#seen & NO_FRAME) !== 0) this.#expand();
    if (damage) this.#push(this.#frames.named(DAMAGED));
    for (const root of roots) {
      const name = this.#length === 0 ? leafLabelOf(root) : root;
      this.#push(this.#frames.named(name, this.#rootFields));
    }
    if (this.#length === 0) this.#push(this.#frames.named(UNKNOWN));
    this.#queue.add(this.#words, 0, this.#length, weight);
    this.clear();
  }

  /**
   * Replaces the open record's words with frame numbers, so that no word stands for several frames or a source line.
   */
  #expand(): void {
    const ids = this.#frames.expand(this.#words.subarray(0, this.#length));
    this.clear();
    this.#reserve(ids.length);
    for (const id of ids) this.#words[this.#length++] = id;
  }

  /**
   * Makes room for one more line. If the table is full, starts a new table, moves the open record to it, and returns
   * `true`. Words returned earlier are then no longer valid.
   */
  makeRoom(): boolean {
    if (this.#frames.size < this.#limits.maxTableFrames) return false;
    this.#expand();
    const { table } = this.#frames;
    this.#queue.flush(table, () => this.facts.with(this.tally));
    this.#frames = new LineFrames();
    const moved = new Map<number, number>();
    for (let i = 0; i < this.#length; i++) {
      const id = this.#words[i]!;
      if (!moved.has(id)) moved.set(id, this.#frames.add([table.frame(id)]));
      this.#words[i] = moved.get(id)!;
    }
    return true;
  }

  /** Whether there are enough stacks for a batch. */
  get full(): boolean {
    return this.#queue.full;
  }

  /** Returns the batches that have not been taken yet, in order. */
  take(): StackBatch[] {
    return this.#queue.take(this.#frames.table, () => this.facts.with(this.tally));
  }

  /** Ends an input. Throws `MIXED_UNITS` if its unit differs from that of earlier inputs. */
  endInput(): void {
    this.facts.endInput(this.tally);
    this.#queue.endInput(this.#frames.table, this.facts.with(this.tally));
  }
}
