import { faultOf, SAMPLES, type Facts, type FrameTable, type StackBatch } from '@stapflame/stacks';
import { Label, type ProfileInput } from 'pprof-format';
import { Bytes } from './bytes.ts';
import { columnsOf, type Column } from './columns.ts';
import { commentsOf } from './comments.ts';
import { PprofError } from './errors.ts';
import { Tables } from './tables.ts';

const CHUNK = 1 << 16;
/** Used instead of a location if the frame is inlined into the next one, or was not yet needed alone. */
const INLINED = 0xffffffff;
const NOT_YET = 0xfffffffe;
/** Values are signed 64-bit numbers. */
const LARGEST_SUM = 2 ** 63;

/**
 * Writes stacks as a profile: one sample for each stack, after the strings, functions and locations that it needs and
 * that were not written before. Memory holds a number for each frame of the table, and the last thousands of names.
 */
export class PprofWriter {
  readonly #tables = new Tables();
  // Using a library object for each sample would take seven times as long.
  readonly #samples = new Bytes();
  readonly #sample = new Bytes();
  readonly #numbers = new Bytes();
  #table: FrameTable | undefined;
  /** For each frame of the table: the location of this frame alone, `INLINED`, `NOT_YET`, or 0 if it is new. */
  #locationOf = new Uint32Array(1 << 10);
  #columns: readonly Column[] | undefined;
  #period: number | undefined;
  readonly #sums: number[] = [];
  #rounded = 0;
  #facts: Facts = {};
  #hostLabel: Uint8Array | undefined;
  /** The label for each root frame of the table; absent if the frame is not a thread name. */
  readonly #threadLabels = new Map<number, Uint8Array | undefined>();

  /** The batch as bytes, in pieces; each is valid only until the next one is requested. The batch is released. */
  *write(batch: StackBatch): Generator<Uint8Array> {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new PprofError('INVALID_STACKS', fault);
    const { frames, bounds, weights, facts } = batch;
    this.#useTable(batch.table);
    this.#useFacts(facts);
    if (batch.length > 0 && !this.#columns) {
      this.#columns = columnsOf(facts, weights.length > 1);
      this.#period = facts.period;
    }
    for (let i = 0; i < batch.length; i++) {
      this.#addLocations(frames, bounds[i]!, bounds[i + 1]!);
      this.#addValues(weights[0]![i]!, weights.at(-1)![i]!);
      const threadLabel = this.#threadLabel(frames[bounds[i + 1]! - 1]!);
      if (threadLabel) this.#sample.field(0x1a, threadLabel);
      if (this.#hostLabel) this.#sample.field(0x1a, this.#hostLabel);
      this.#samples.field(0x12, this.#sample.take());
      if (this.#samples.length >= CHUNK) yield* this.#take();
    }
    yield* this.#take();
    batch.release();
  }

  /** The fields that apply to the whole profile, which are known only at the end. */
  *finish(): Generator<Uint8Array> {
    yield this.#tables.take(this.#wholeFields());
  }

  *#take(): Generator<Uint8Array> {
    yield this.#tables.take();
    yield this.#samples.take();
  }

  #useTable(table: FrameTable): void {
    if (table !== this.#table) {
      this.#locationOf.fill(0);
      this.#threadLabels.clear();
    }
    this.#table = table;
    if (table.size <= this.#locationOf.length) return;
    const larger = new Uint32Array(table.size * 2);
    larger.set(this.#locationOf);
    this.#locationOf = larger;
  }

  #useFacts(facts: Facts): void {
    const { host } = facts;
    if (host !== this.#facts.host)
      this.#hostLabel = host === undefined ? undefined : this.#label('host', host);
    this.#facts = facts;
  }

  #threadLabel(root: number): Uint8Array | undefined {
    if (!this.#threadLabels.has(root)) {
      const { label, thread = false } = this.#table!.frame(root);
      this.#threadLabels.set(root, thread ? this.#label('thread', label) : undefined);
    }
    return this.#threadLabels.get(root);
  }

  #label(key: string, text: string): Uint8Array {
    return new Label({ key: this.#string(key), str: this.#string(text) }).encode();
  }

  #string(text: string): number {
    return this.#tables.string(text);
  }

  /** Adds the locations of a stack, leaf first. Inlined frames share the location of the frame below them. */
  #addLocations(frames: Uint32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const first = i;
      while (this.#kindOf(frames[i]!) === INLINED && i + 1 < to) i++;
      const alone = first === i ? this.#locationOf[frames[i]!]! : NOT_YET;
      this.#numbers.varint(alone < NOT_YET ? alone : this.#locate(frames.subarray(first, i + 1)));
    }
    this.#sample.field(0x0a, this.#numbers.take());
  }

  #kindOf(id: number): number {
    return (this.#locationOf[id] ||= this.#table!.frame(id).inlined === true ? INLINED : NOT_YET);
  }

  #locate(ids: Uint32Array): number {
    const location = this.#tables.location(Array.from(ids, (id) => this.#table!.frame(id)));
    if (ids.length === 1 && this.#locationOf[ids[0]!] === NOT_YET) this.#locationOf[ids[0]!] = location;
    return location;
  }

  #addValues(first: number, second: number): void {
    for (const [column, { value, type }] of this.#columns!.entries()) {
      const exact = value(first, second);
      const whole = Math.round(exact);
      if (whole !== exact) this.#rounded++;
      this.#sums[column] = (this.#sums[column] ?? 0) + Math.abs(whole);
      if (!(this.#sums[column] < LARGEST_SUM)) {
        throw new PprofError(
          'SUM_TOO_LARGE',
          `expected values of ${type} that add up to less than 2^63, a profile's limit; write folded stacks instead`,
        );
      }
      this.#numbers.varint(whole);
    }
    this.#sample.field(0x12, this.#numbers.take());
  }

  #wholeFields(): ProfileInput {
    const { unit = SAMPLES, period, start, duration } = this.#facts;
    const valueType = (type: string, counted: string): { type: number; unit: number } => ({
      type: this.#string(type),
      unit: this.#string(counted),
    });
    const isTimed = unit === SAMPLES && period !== undefined;
    return {
      sampleType: (this.#columns ?? columnsOf(this.#facts, false)).map((each) =>
        valueType(each.type, each.unit),
      ),
      comment: [...commentsOf(this.#facts), ...this.#ownComments()].map((text) => this.#string(text)),
      ...(isTimed && { period: Math.round(period), periodType: valueType('cpu', 'nanoseconds') }),
      ...(start !== undefined && { timeNanos: nanoseconds(start) }),
      ...(duration !== undefined && { durationNanos: nanoseconds(duration) }),
    };
  }

  #ownComments(): string[] {
    const isMixed = this.#period !== undefined && this.#period !== this.#facts.period;
    return [
      ...(this.#rounded === 0 ? [] : [`${this.#rounded} weights were rounded to whole numbers`]),
      ...(isMixed
        ? [`cpu was computed from ${this.#period} ns a sample, which does not apply to all inputs`]
        : []),
    ];
  }
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds)) * 1_000_000n;
}
