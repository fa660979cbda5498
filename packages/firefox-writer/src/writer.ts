import {
  faultOf,
  TextBuffer,
  TextSpool,
  type Facts,
  type FrameTable,
  type SpillStore,
  type StackBatch,
} from '@stapflame/stacks';
import { Columns } from './columns.ts';
import { FirefoxError } from './errors.ts';
import { Frames } from './frames.ts';
import { metaOf, scaleOf, type Scale } from './meta.ts';

/** Approximate size of an output chunk, in bytes. */
const PIECE = 1 << 16;
// Parts that the format requires but that are empty in our profiles.
const EMPTY_TABLES =
  '"nativeSymbols":{"libIndex":[],"address":[],"name":[],"functionSize":[],"length":0},' +
  '"sources":{"id":[],"filename":[],"startLine":[],"startColumn":[],"sourceMapURL":[],"content":[],"length":0},' +
  '"sourceLocationTable":{"source":[],"line":[],"column":[],"length":0}';
const EMPTY_THREAD =
  '"processType":"default","processStartupTime":0,"processShutdownTime":null,"registerTime":0,' +
  '"unregisterTime":null,"pausedRanges":[],"isMainThread":true,"pid":"0","tid":0,' +
  '"markers":{"data":[],"name":[],"startTime":[],"endTime":[],"phase":[],"category":[],"length":0}';

/**
 * Writes stacks as one thread of a processed profile. Most of the document is the stack table, a tree with one row for
 * each frame that a stack does not share with the previous stack. Its first column is written immediately. All other
 * columns are buffered until their place in the document is reached:
 *
 *     {"shared":{"stackTable":{"prefixOffset":[ immediately ],"frame":[ buffered ],…},…},"threads":[…],"meta":…}
 */
export class FirefoxWriter {
  readonly #out = new TextBuffer();
  readonly #frames: Frames;
  readonly #stackFrames: TextSpool;
  readonly #samples: Columns<'stack' | 'weight' | 'timeDeltas'>;
  #table: FrameTable | undefined;
  /** For each frame in the table: 1 plus the frame's number in the document, or 0 if it has no number yet. */
  #frameOf: Uint32Array = new Uint32Array(1 << 10);
  /** The previous stack's frames, root first, as numbers in the document. `#rows` has their rows in the stack table. */
  #previous: Uint32Array = new Uint32Array(1 << 7);
  #rows: Uint32Array = new Uint32Array(1 << 7);
  #depth = 0;
  #length = 0;
  #scale: Scale | undefined;
  /** The sum of the weights, or their total duration in milliseconds, whichever is larger. */
  #sum = 0;
  /** The previous sample's duration, in milliseconds. */
  #delta = 0;
  #facts: Facts = {};

  constructor(store: SpillStore) {
    this.#frames = new Frames(store);
    this.#out.text('{"shared":{"stackTable":{"prefixOffset":[');
    this.#stackFrames = new TextSpool(store);
    this.#samples = new Columns(store, ['stack', 'weight', 'timeDeltas']);
  }

  /** Returns the batch as JSON, in chunks, each valid only until the next one is requested. Releases the batch. */
  *write(batch: StackBatch): Generator<Uint8Array> {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new FirefoxError('INVALID_STACKS', fault);
    const { table, frames, bounds, weights, facts } = batch;
    if (weights.length > 1) {
      throw new FirefoxError(
        'TWO_WEIGHTS',
        'expected stacks with one weight, got a comparison with two (before and after), which does not fit into one Firefox Profiler profile; write pprof (.pb.gz), which holds both weights, or write only one side',
      );
    }
    this.#facts = facts;
    this.#useTable(table);
    for (let i = 0; i < batch.length; i++) {
      this.#addStack(frames, bounds[i]!, bounds[i + 1]!);
      this.#addSample(weights[0]![i]!);
      if (this.#out.length >= PIECE) yield this.#out.take();
    }
    batch.release();
  }

  /**
   * Returns the buffered columns and the trace's facts, which complete the document. Each chunk is valid only until the
   * next one is requested.
   */
  *finish(): Generator<Uint8Array> {
    // text is collected until the next column; this needs little memory, because only the facts can be long
    for (const piece of this.#rest()) {
      if (typeof piece === 'string') this.#out.text(piece);
      else {
        yield this.#out.take();
        yield piece;
      }
    }
    yield this.#out.take();
  }

  *#rest(): Generator<Uint8Array | string> {
    yield '],"frame":[';
    yield* this.#stackFrames.take();
    yield `],"length":${this.#length}},${EMPTY_TABLES},`;
    yield* this.#frames.take();
    yield `,"meta":${JSON.stringify(metaOf(this.#facts))},"threads":[{"name":${JSON.stringify(this.#facts.host ?? 'all threads')},`;
    yield `${EMPTY_THREAD},"samples":{"weightType":"${scaleOf(this.#facts).type}",`;
    yield* this.#samples.take();
    yield '}}]}\n';
  }

  /** Closes temporary files. */
  dispose(): void {
    this.#frames.dispose();
    this.#stackFrames.dispose();
    this.#samples.dispose();
  }

  #useTable(table: FrameTable): void {
    if (table !== this.#table) this.#frameOf.fill(0);
    this.#table = table;
    if (table.size > this.#frameOf.length) this.#frameOf = grown(this.#frameOf, table.size);
  }

  /** Adds a row for each frame that the stack does not share with the previous stack. The leaf's row comes last. */
  #addStack(frames: Uint32Array, from: number, to: number): void {
    const depth = to - from;
    if (depth > this.#previous.length) {
      this.#previous = grown(this.#previous, depth);
      this.#rows = grown(this.#rows, depth);
    }
    let isShared = true;
    for (let level = 0; level < depth; level++) {
      const frame = this.#frame(frames[to - 1 - level]!);
      isShared &&= level < this.#depth && this.#previous[level] === frame;
      if (isShared) continue;
      const row = this.#length++;
      if (row > 0) {
        this.#out.text(',');
        this.#stackFrames.text(',');
      }
      this.#out.number(level === 0 ? 0 : row - this.#rows[level - 1]!);
      this.#stackFrames.number(frame);
      this.#previous[level] = frame;
      this.#rows[level] = row;
    }
    this.#depth = depth;
  }

  #addSample(given: number): void {
    const { divisor, duration } = (this.#scale ??= scaleOf(this.#facts));
    const weight = given / divisor;
    this.#sum += weight * Math.max(1, duration);
    // JSON has no infinity, so a profile with an infinite number would not load
    if (!(this.#sum < Infinity)) {
      throw new FirefoxError(
        'SUM_TOO_LARGE',
        "expected weights below 1.8e308, the limit of JavaScript's numbers, both as a sum and as a total time in milliseconds; write folded text instead",
      );
    }
    this.#samples.add({ stack: this.#rows[this.#depth - 1]!, weight, timeDeltas: this.#delta });
    this.#delta = weight * duration;
  }

  #frame(id: number): number {
    this.#frameOf[id] ||= this.#frames.numberOf(this.#table!.frame(id)) + 1;
    return this.#frameOf[id] - 1;
  }
}

function grown(array: Uint32Array, least: number): Uint32Array {
  const larger = new Uint32Array(least * 2);
  larger.set(array);
  return larger;
}
