import { faultOf, SAMPLES, type Facts, type FrameTable, type StackBatch } from '@stapflame/stacks';
import { Label, type ProfileInput } from 'pprof-format';
import { Bytes } from './bytes.ts';
import { columnsOf, type Column } from './columns.ts';
import { commentsOf } from './comments.ts';
import { PprofError } from './errors.ts';
import { Tables } from './tables.ts';

const CHUNK = 1 << 16;
/**
 * Values in `#locationOf` that are not locations: the frame is inlined into the next one, or has not yet been needed on
 * its own.
 */
const INLINED = 0xffffffff;
const NOT_YET = 0xfffffffe;
/** Numbers in a profile are signed 64-bit numbers, so sums and times must stay below this limit. */
const LIMIT = 2 ** 63;

/**
 * Writes stacks as a profile with one sample per stack. The strings, functions and locations that a sample needs are
 * written before it, unless they were written earlier. The writer keeps in memory only a number for each frame in the
 * table, and the latest names (at most 32,768).
 */
export class PprofWriter {
  readonly #tables = new Tables();
  // Samples are written by hand: creating a pprof-format object for each would take seven times as long.
  readonly #samples = new Bytes();
  readonly #sample = new Bytes();
  readonly #numbers = new Bytes();
  #table: FrameTable | undefined;
  /**
   * For each frame in the table: the location of this frame on its own, `INLINED`, `NOT_YET`, or 0 if the frame is new.
   */
  #locationOf = new Uint32Array(1 << 10);
  #columns: readonly Column[] | undefined;
  #period: number | undefined;
  readonly #sums: number[] = [];
  #rounded = 0;
  #facts: Facts = {};
  #hostLabel: Uint8Array | undefined;
  /** The encoded thread label for each root frame in the table; `undefined` if the frame is not a thread name. */
  readonly #threadLabels = new Map<number, Uint8Array | undefined>();

  /** Returns the batch as bytes, in chunks, each valid only until the next one is requested. Releases the batch. */
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

  /** Returns the fields that describe the whole profile, which are known only at the end. */
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

  /**
   * Adds the stack's locations, leaf first. Inlined frames share the location of the frame that they were inlined into.
   */
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
      if (!(this.#sums[column] < LIMIT)) {
        throw new PprofError(
          'SUM_TOO_LARGE',
          `expected ${type} values that add up to less than 2^63, the limit of a pprof profile; write folded text instead`,
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
        ? [`cpu was computed as ${this.#period} ns per sample, which is not the period of all inputs`]
        : []),
    ];
  }
}

/** Returns a time in nanoseconds, or 0 (for an unknown time) if it does not fit into a profile. */
function nanoseconds(milliseconds: number): bigint {
  const whole = Math.round(milliseconds);
  return whole * 1e6 < LIMIT ? BigInt(whole) * 1_000_000n : 0n;
}
