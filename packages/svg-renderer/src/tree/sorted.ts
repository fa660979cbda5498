import { RendererError } from '../errors.ts';
import type { FoldedStack } from '../folded-lines.ts';
import type { Boxes } from './boxes.ts';
import { compareNames } from './names.ts';

/** A frame of the current stack. */
interface OpenFrame {
  readonly name: string;
  /** Weight of all stacks before it. */
  readonly start: number;
  weight: number;
  self: number;
  change: number;
  /** Boxes kept when it was opened: those after are its descendants'. */
  readonly boxes: number;
}

/** Boxes after which what was kept is looked through again. */
const FIRST_SWEEP = 1 << 14;

/**
 * Builds the boxes in one pass over frame-sorted stacks. When a frame closes, its weight is final and the
 * total can only grow, so that a frame narrower than the least share of the total so far can never be
 * drawn: it goes at once, and its descendants with it. Memory holds what can be drawn and one stack.
 */
export class SortedTree {
  /** Least share of the total that is drawn. */
  readonly #least: number;
  #total = 0;
  readonly #open: OpenFrame[] = [];
  #names: string[] = [];
  #depths: number[] = [];
  #starts: number[] = [];
  #weights: number[] = [];
  #selfs: number[] = [];
  #changes: number[] = [];
  #sweep = FIRST_SWEEP;
  #dropped = 0;

  readonly #whole: number;
  readonly #order: 'sorted' | 'as it comes';

  /**
   * @param whole the picture is part of so much weight, where that is more than its own
   * @param order stacks in the order of time come as they come
   */
  constructor(least: number, whole = 0, order: 'sorted' | 'as it comes' = 'sorted') {
    this.#least = least;
    this.#whole = whole;
    this.#order = order;
  }

  /** Narrower frames can never be drawn. */
  get #narrowest(): number {
    return this.#least * Math.max(this.#total, this.#whole);
  }

  add({ frames, weight, change, line }: FoldedStack): void {
    const shared = this.#shared(frames, line);
    this.#closeFrom(shared);
    for (let depth = shared; depth < frames.length; depth++) {
      this.#open.push({
        name: frames[depth]!,
        start: this.#total,
        weight: 0,
        self: 0,
        change: 0,
        boxes: this.#names.length,
      });
    }
    for (const frame of this.#open) frame.weight += weight;
    const leaf = this.#open.at(-1);
    if (leaf) {
      leaf.self += weight;
      leaf.change += change;
    }
    this.#total += weight;
    if (this.#total > Number.MAX_SAFE_INTEGER) {
      throw new RendererError(
        'SUM_TOO_LARGE',
        `at line ${line} the sum of counts passes ${Number.MAX_SAFE_INTEGER}, the largest exact one; scale the counts down`,
        line,
      );
    }
  }

  /** How many frames the stack shares with the one before it; throws `UNSORTED` where it should stand before that. */
  #shared(frames: readonly string[], line: number): number {
    const open = this.#open;
    const most = Math.min(frames.length, open.length);
    let shared = 0;
    while (shared < most && open[shared]!.name === frames[shared]) shared++;
    const before =
      this.#order === 'sorted' &&
      shared < open.length &&
      (shared === frames.length || compareNames(frames[shared]!, open[shared]!.name) < 0);
    if (!before) return shared;
    throw new RendererError(
      'UNSORTED',
      `line ${line} is out of order frame by frame; fold the input first, or leave out --sorted`,
      line,
    );
  }

  #closeFrom(depth: number): void {
    while (this.#open.length > depth) {
      const frame = this.#open.pop()!;
      if (frame.weight < this.#narrowest || frame.weight === 0) {
        this.#truncate(frame.boxes);
        this.#dropped++;
      } else {
        this.#names.push(frame.name);
        this.#depths.push(this.#open.length);
        this.#starts.push(frame.start);
        this.#weights.push(frame.weight);
        this.#selfs.push(frame.self);
        this.#changes.push(frame.change);
        if (this.#names.length >= this.#sweep) this.#sweepNarrow();
      }
    }
  }

  #truncate(boxes: number): void {
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
    const marks = new Map(this.#open.map((frame) => [frame.boxes, frame.boxes]));
    let to = 0;
    for (let i = 0; i < this.#names.length; i++) {
      if (marks.has(i)) marks.set(i, to);
      if (this.#weights[i]! < least) continue;
      this.#names[to] = this.#names[i]!;
      this.#depths[to] = this.#depths[i]!;
      this.#starts[to] = this.#starts[i]!;
      this.#weights[to] = this.#weights[i]!;
      this.#selfs[to] = this.#selfs[i]!;
      this.#changes[to] = this.#changes[i]!;
      to++;
    }
    const kept = this.#names.length;
    for (let i = 0; i < this.#open.length; i++) {
      const frame = this.#open[i]!;
      this.#open[i] = { ...frame, boxes: frame.boxes === kept ? to : marks.get(frame.boxes)! };
    }
    this.#truncate(to);
    this.#sweep = Math.max(FIRST_SWEEP, to * 2);
  }

  /** The boxes; the tree takes no more stacks. */
  boxes(): Boxes {
    this.#closeFrom(0);
    this.#sweepNarrow();
    const depth = this.#depths.reduce((deepest, each) => Math.max(deepest, each + 1), 0);
    return {
      total: Math.max(this.#total, this.#whole),
      depth,
      names: this.#names,
      depths: this.#depths,
      starts: this.#starts,
      weights: this.#weights,
      selfs: this.#selfs,
      changes: this.#changes,
      dropped: this.#dropped,
    };
  }
}
