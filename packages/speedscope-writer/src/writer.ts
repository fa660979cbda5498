import {
  faultOf,
  isIncomplete,
  LOSSES,
  Numbered,
  SAMPLES,
  TextSpool,
  type Facts,
  type FrameTable,
  type SpillStore,
  type StackBatch,
} from '@stapflame/stacks';
import { SpeedscopeError } from './errors.ts';

/** Characters of a piece of output. */
const PIECE = 1 << 16;
/** In place of a frame that was not looked at yet; the others are numbered from 1. */
const NOT_YET = 0;
const SCHEMA = 'https://www.speedscope.app/file-format-schema.json';

/** The units that speedscope knows; whatever else is counted has none. */
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
 * Writes stacks as one sampled profile. Stacks are most of the document and are written as they come; weights and
 * frames, which have arrays of their own, are put aside until all stacks are written:
 *
 *     {"$schema":…,"profiles":[{"type":"sampled","samples":[ stacks ],"weights":[ put aside ],…}],
 *      "shared":{"frames":[ put aside ]}}
 */
export class SpeedscopeWriter {
  readonly #encoder = new TextEncoder();
  readonly #weights: TextSpool;
  readonly #frames: TextSpool;
  readonly #numbers = new Numbered();
  #table: FrameTable | undefined;
  /** By number in the table: one more than the frame's number in the document. */
  #frameOf = new Uint32Array(1 << 10);
  #text = `{"$schema":"${SCHEMA}","profiles":[{"type":"sampled","samples":[`;
  #stacks = 0;
  #sum = 0;
  #facts: Facts = {};

  constructor(store: SpillStore) {
    this.#weights = new TextSpool(store);
    this.#frames = new TextSpool(store);
  }

  /** The batch as JSON, in pieces. The batch is released. */
  *write(batch: StackBatch): Generator<Uint8Array> {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new SpeedscopeError('INVALID_STACKS', fault);
    const { table, frames, bounds, weights, facts } = batch;
    if (weights.length > 1) {
      throw new SpeedscopeError(
        'TWO_WEIGHTS',
        'expected stacks with one weight, got two (before and after), which speedscope cannot compare; write pprof (.pb.gz), which holds both, or one side only',
      );
    }
    this.#facts = facts;
    this.#useTable(table);
    for (let i = 0; i < batch.length; i++) {
      const separator = this.#stacks++ === 0 ? '' : ',';
      this.#text += `${separator}[${this.#frame(frames[bounds[i + 1]! - 1]!)}`;
      for (let at = bounds[i + 1]! - 2; at >= bounds[i]!; at--) this.#text += `,${this.#frame(frames[at]!)}`;
      this.#text += ']';
      this.#weights.add(`${separator}${weights[0]![i]}`);
      this.#sum += weights[0]![i]!;
      if (this.#text.length >= PIECE) yield this.#take();
    }
    batch.release();
  }

  /** What was put aside, and what is known of the whole. */
  *finish(): Generator<Uint8Array> {
    const { unit = SAMPLES } = this.#facts;
    const name = JSON.stringify(nameOf(this.#facts));
    this.#text += '],"weights":[';
    yield this.#take();
    yield* this.#weights.take();
    const known = { unit: UNITS.get(unit) ?? 'none', startValue: 0, endValue: this.#sum };
    this.#text = `],${JSON.stringify(known).slice(1, -1)},"name":${name}}],"shared":{"frames":[`;
    yield this.#take();
    yield* this.#frames.take();
    this.#text = `]},"name":${name},"activeProfileIndex":0,"exporter":"stapflame"}\n`;
    yield this.#take();
  }

  /** Gives back temporary files. */
  dispose(): void {
    this.#weights.dispose();
    this.#frames.dispose();
  }

  #take(): Uint8Array {
    const piece = this.#encoder.encode(this.#text);
    this.#text = '';
    return piece;
  }

  #useTable(table: FrameTable): void {
    if (table !== this.#table) this.#frameOf.fill(NOT_YET);
    this.#table = table;
    if (table.size <= this.#frameOf.length) return;
    const larger = new Uint32Array(table.size * 2);
    larger.set(this.#frameOf);
    this.#frameOf = larger;
  }

  /** The frame's number in the document. */
  #frame(id: number): number {
    const known = this.#frameOf[id]!;
    return known === NOT_YET ? this.#newFrame(id) : known - 1;
  }

  /** speedscope tells frames apart by number: one function has one, whatever its addresses and lines. */
  #newFrame(id: number): number {
    const { label, file, module } = this.#table!.frame(id);
    const json = JSON.stringify({ name: label, file: file ?? module });
    const number = this.#numbers.numberOf(json, (added) =>
      this.#frames.add(`${added === 0 ? '' : ','}${json}`),
    );
    this.#frameOf[id] = number + 1;
    return number;
  }
}

/** The name of the profile: what was counted where, and what was lost of it. */
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
