import { callersFirst, namesInUse, type Boxes } from './boxes.ts';
import type { TreeOptions } from './folded-tree.ts';

/** A frame of the current stack. */
interface OpenFrame {
  /** Weight of all stacks before it. */
  start: number;
  self: number;
  /** Weight of the stacks that go on beyond the levels that are drawn. */
  deeper: number;
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
  readonly #maxDepth: number;
  #total = 0;
  /** Frames are used again: one object for each would be collected millions of times. */
  readonly #open: OpenFrame[] = [];
  #depth = 0;
  /** Weight so far of the stack that is open, where it is too deep. */
  #tooDeep = 0;
  #names: string[] = [];
  #depths: number[] = [];
  #starts: number[] = [];
  #weights: number[] = [];
  #selfs: number[] = [];
  #deepers: number[] = [];
  #changes: number[] = [];
  #sweep = FIRST_SWEEP;
  #dropped = 0;
  /** Stacks of different frames, counted by the first that ends in each. */
  distinct = 0;

  constructor({ least, whole, maxDepth }: Pick<TreeOptions, 'least' | 'whole' | 'maxDepth'>) {
    this.#least = least;
    this.#whole = whole;
    this.#maxDepth = maxDepth;
  }

  get total(): number {
    return this.#total;
  }

  /** Opens a frame on the ones that are open. */
  open(): void {
    this.#tooDeep = 0;
    const depth = this.#depth++;
    if (depth >= this.#maxDepth) return;
    const frame = (this.#open[depth] ??= { start: 0, self: 0, deeper: 0, change: 0, boxes: 0 });
    frame.start = this.#total;
    frame.self = 0;
    frame.deeper = 0;
    frame.change = 0;
    frame.boxes = this.#names.length;
  }

  /** Adds a stack that ends in the topmost open frame. */
  add(weight: number, change: number): void {
    const leaf = this.#open[Math.min(this.#depth, this.#maxDepth) - 1]!;
    if (this.#depth > this.#maxDepth) {
      if (this.#tooDeep === 0 && weight > 0) this.distinct++;
      this.#tooDeep += weight;
      leaf.deeper += weight;
    } else {
      if (leaf.self === 0 && weight > 0) this.distinct++;
      leaf.self += weight;
    }
    leaf.change += change;
    this.#total += weight;
  }

  /** Closes the topmost frame; its name is asked for only where it may be drawn. */
  close(nameOf: (depth: number) => string): void {
    this.#tooDeep = 0;
    if (--this.#depth >= this.#maxDepth) return;
    const frame = this.#open[this.#depth]!;
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
    this.#deepers.push(frame.deeper);
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
    this.#deepers.length = boxes;
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
      this.#deepers[to] = this.#deepers[i]!;
      this.#changes[to] = this.#changes[i]!;
      to++;
    }
    places[this.#names.length] = to;
    const open = Math.min(this.#depth, this.#maxDepth);
    for (const frame of this.#open.slice(0, open)) frame.boxes = places[frame.boxes]!;
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
      deepers: column(this.#deepers),
      changes: column(this.#changes),
      dropped: this.#dropped,
    };
  }
}
