import { callersFirst, namesInUse, type Boxes } from './boxes.ts';

/** A frame of the current stack. */
interface OpenFrame {
  /** Weight of all stacks before it. */
  start: number;
  self: number;
  change: number;
  /** Boxes kept when it was opened: those after are its descendants'. */
  boxes: number;
}

/** Boxes after which what was kept is looked through again. */
const FIRST_SWEEP = 1 << 14;

/**
 * Collects the boxes of a tree that is walked once, callers first. When a frame closes, its weight is final
 * and the total can only grow, so that a frame narrower than the least share of the total so far can never be
 * drawn: it goes at once, and its descendants with it. Memory holds what can be drawn and one stack.
 */
export class BoxCollector {
  /** Least share of the total that is drawn. */
  readonly #least: number;
  readonly #whole: number;
  #total = 0;
  /** Frames are used again: one object for each would be collected millions of times. */
  readonly #open: OpenFrame[] = [];
  #depth = 0;
  #names: string[] = [];
  #depths: number[] = [];
  #starts: number[] = [];
  #weights: number[] = [];
  #selfs: number[] = [];
  #changes: number[] = [];
  #sweep = FIRST_SWEEP;
  #dropped = 0;
  /** Stacks of different frames, counted by the first that ends in each. */
  distinct = 0;

  /** @param whole the picture is part of so much weight, where that is more than its own */
  constructor(least: number, whole = 0) {
    this.#least = least;
    this.#whole = whole;
  }

  get total(): number {
    return this.#total;
  }

  /** Opens a frame on the ones that are open. */
  open(): void {
    const frame = (this.#open[this.#depth++] ??= { start: 0, self: 0, change: 0, boxes: 0 });
    frame.start = this.#total;
    frame.self = 0;
    frame.change = 0;
    frame.boxes = this.#names.length;
  }

  /** Adds a stack that ends in the topmost open frame. */
  add(weight: number, change: number): void {
    const leaf = this.#open[this.#depth - 1]!;
    if (leaf.self === 0 && weight > 0) this.distinct++;
    leaf.self += weight;
    leaf.change += change;
    this.#total += weight;
  }

  /** Closes the topmost frame; its name is asked for only where it may be drawn. */
  close(nameOf: (depth: number) => string): void {
    const frame = this.#open[--this.#depth]!;
    const weight = this.#total - frame.start;
    if (weight < this.#narrowest || weight === 0) {
      this.#truncate(frame.boxes);
      this.#dropped++;
      return;
    }
    this.#names.push(nameOf(this.#depth));
    this.#depths.push(this.#depth);
    this.#starts.push(frame.start);
    this.#weights.push(weight);
    this.#selfs.push(frame.self);
    this.#changes.push(frame.change);
    if (this.#names.length >= this.#sweep) this.#sweepNarrow();
  }

  /** Narrower frames can never be drawn. */
  get #narrowest(): number {
    return this.#least * Math.max(this.#total, this.#whole);
  }

  #truncate(boxes: number): void {
    if (boxes === this.#names.length) return;
    this.#dropped += this.#names.length - boxes;
    this.#names.length = boxes;
    this.#depths.length = boxes;
    this.#starts.length = boxes;
    this.#weights.length = boxes;
    this.#selfs.length = boxes;
    this.#changes.length = boxes;
  }

  /** The total has grown: what was wide enough may be too narrow now. Open frames keep their place. */
  #sweepNarrow(): void {
    const least = this.#narrowest;
    const places = new Int32Array(this.#names.length + 1);
    let to = 0;
    for (let i = 0; i < this.#names.length; i++) {
      places[i] = to;
      if (this.#weights[i]! < least) continue;
      this.#names[to] = this.#names[i]!;
      this.#depths[to] = this.#depths[i]!;
      this.#starts[to] = this.#starts[i]!;
      this.#weights[to] = this.#weights[i]!;
      this.#selfs[to] = this.#selfs[i]!;
      this.#changes[to] = this.#changes[i]!;
      to++;
    }
    places[this.#names.length] = to;
    for (const frame of this.#open.slice(0, this.#depth)) frame.boxes = places[frame.boxes]!;
    this.#truncate(to);
    this.#sweep = Math.max(FIRST_SWEEP, to * 2);
  }

  /** The boxes, once every frame is closed. */
  boxes(): Boxes {
    this.#sweepNarrow();
    const order = callersFirst(this.#depths);
    const column = (values: readonly number[]): Float64Array =>
      Float64Array.from(order, (index) => values[index]!);
    return {
      total: Math.max(this.#total, this.#whole),
      ...namesInUse(order, (index) => this.#names[index]!),
      depths: order.map((index) => this.#depths[index]!),
      starts: column(this.#starts),
      weights: column(this.#weights),
      selfs: column(this.#selfs),
      changes: column(this.#changes),
      dropped: this.#dropped,
    };
  }
}
