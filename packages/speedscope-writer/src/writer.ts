import {
  faultOf,
  isIncomplete,
  LOSSES,
  Numbered,
  SAMPLES,
  TextBuffer,
  TextSpool,
  type Facts,
  type FrameTable,
  type SpillStore,
  type StackBatch,
} from '@stapflame/stacks';
import { SpeedscopeError } from './errors.ts';

/** Approximate size of an output chunk, in bytes. */
const PIECE = 1 << 16;
/** Marks a frame that has no number yet. */
const NOT_YET = 0;
const SCHEMA = 'https://www.speedscope.app/file-format-schema.json';

/** The units that speedscope knows, by their short names. Weights in any other unit are written without a unit. */
const UNITS = new Map(
  Object.entries({
    ns: 'nanoseconds',
    us: 'microseconds',
    ms: 'milliseconds',
    s: 'seconds',
    bytes: 'bytes',
  }),
);

/**
 * Writes stacks as one sampled profile. Stacks make up most of the document and are written immediately; weights and
 * frames have separate arrays, which are buffered until all stacks are written:
 *
 *     {"$schema":…,"profiles":[{"type":"sampled","samples":[ stacks ],"weights":[ buffered ],…}],
 *      "shared":{"frames":[ buffered ]}}
 */
export class SpeedscopeWriter {
  readonly #out = new TextBuffer();
  readonly #weights: TextSpool;
  readonly #frames: TextSpool;
  readonly #numbers = new Numbered();
  #table: FrameTable | undefined;
  /** For each frame in the table: 1 plus the frame's number in the document, or `NOT_YET`. */
  #frameOf = new Uint32Array(1 << 10);
  #stacks = 0;
  #sum = 0;
  #facts: Facts = {};

  constructor(store: SpillStore) {
    this.#weights = new TextSpool(store);
    this.#frames = new TextSpool(store);
    this.#out.text(`{"$schema":"${SCHEMA}","profiles":[{"type":"sampled","samples":[`);
  }

  /** Returns the batch as JSON, in chunks, each valid only until the next one is requested. Releases the batch. */
  *write(batch: StackBatch): Generator<Uint8Array> {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new SpeedscopeError('INVALID_STACKS', fault);
    const { table, frames, bounds, weights, facts } = batch;
    if (weights.length > 1) {
      throw new SpeedscopeError(
        'TWO_WEIGHTS',
        'expected stacks with one weight, got a comparison with two (before and after), which speedscope cannot show; write pprof (.pb.gz), which holds both weights, or write only one side',
      );
    }
    this.#facts = facts;
    this.#useTable(table);
    for (let i = 0; i < batch.length; i++) {
      this.#addStack(frames, bounds[i]!, bounds[i + 1]!);
      this.#addWeight(weights[0]![i]!);
      if (this.#out.length >= PIECE) yield this.#out.take();
    }
    batch.release();
  }

  /**
   * Returns the buffered weights and frames and the trace's facts, which complete the document. Each chunk is valid
   * only until the next one is requested.
   */
  *finish(): Generator<Uint8Array> {
    const { unit = SAMPLES } = this.#facts;
    const name = JSON.stringify(nameOf(this.#facts));
    this.#out.text('],"weights":[');
    yield this.#out.take();
    yield* this.#weights.take();
    const known = { unit: UNITS.get(unit) ?? 'none', startValue: 0, endValue: this.#sum };
    this.#out.text(`],${JSON.stringify(known).slice(1, -1)},"name":${name}}],"shared":{"frames":[`);
    yield this.#out.take();
    yield* this.#frames.take();
    this.#out.text(`]},"name":${name},"activeProfileIndex":0,"exporter":"stapflame"}\n`);
    yield this.#out.take();
  }

  /** Closes temporary files. */
  dispose(): void {
    this.#weights.dispose();
    this.#frames.dispose();
  }

  /** Adds a stack, root first. Also adds the comma that precedes the stack's weight. */
  #addStack(frames: Uint32Array, from: number, to: number): void {
    if (this.#stacks++ > 0) {
      this.#out.text(',');
      this.#weights.text(',');
    }
    for (let at = to - 1; at >= from; at--) {
      this.#out.text(at === to - 1 ? '[' : ',');
      this.#out.number(this.#frame(frames[at]!));
    }
    this.#out.text(']');
  }

  #addWeight(weight: number): void {
    this.#sum += weight;
    if (!(this.#sum < Infinity)) {
      throw new SpeedscopeError(
        'SUM_TOO_LARGE',
        "expected weights that add up to less than 1.8e308, the limit of JavaScript's numbers; write folded text instead",
      );
    }
    this.#weights.number(weight);
  }

  #useTable(table: FrameTable): void {
    if (table !== this.#table) this.#frameOf.fill(NOT_YET);
    this.#table = table;
    if (table.size <= this.#frameOf.length) return;
    const larger = new Uint32Array(table.size * 2);
    larger.set(this.#frameOf);
    this.#frameOf = larger;
  }

  /** Returns the frame's number in the document. */
  #frame(id: number): number {
    const known = this.#frameOf[id]!;
    return known === NOT_YET ? this.#newFrame(id) : known - 1;
  }

  /**
   * Gives the frame a number. speedscope treats frames with different numbers as different functions, so frames that
   * differ only in address or line share a number.
   */
  #newFrame(id: number): number {
    const { label, file, module } = this.#table!.frame(id);
    const json = JSON.stringify({ name: label, file: file ?? module });
    const number = this.#numbers.numberOf(json, (added) =>
      this.#frames.text(`${added === 0 ? '' : ','}${json}`),
    );
    this.#frameOf[id] = number + 1;
    return number;
  }
}

/** Returns the profile's name: the host, the weights' unit, and the losses. */
function nameOf(facts: Facts): string {
  const { unit = SAMPLES, host, losses = {}, reversed } = facts;
  const lost = LOSSES.filter((kind) => (losses[kind] ?? 0) > 0).map((kind) => `${kind}=${losses[kind]}`);
  return [
    ...(host === undefined ? [] : [host]),
    unit,
    ...(reversed === true ? ['reversed'] : []),
    ...(isIncomplete(facts) ? [`incomplete: ${lost.join(' ')}`] : []),
  ].join(', ');
}
