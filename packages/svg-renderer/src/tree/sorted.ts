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
  #sweep = FIRST_SWEEP;
  #dropped = 0;

  constructor(least: number) {
    this.#least = least;
  }

  add({ frames, weight, line }: FoldedStack): void {
    const shared = this.#shared(frames, line);
    this.#closeFrom(shared);
    for (let depth = shared; depth < frames.length; depth++) {
      this.#open.push({ name: frames[depth]!, start: this.#total, weight: 0, boxes: this.#names.length });
    }
    for (const frame of this.#open) frame.weight += weight;
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
      if (frame.weight < this.#least * this.#total) {
        this.#truncate(frame.boxes);
        this.#dropped++;
      } else {
        this.#names.push(frame.name);
        this.#depths.push(this.#open.length);
        this.#starts.push(frame.start);
        this.#weights.push(frame.weight);
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
  }

  /** The total has grown: what was wide enough may be too narrow now. Open frames keep their place. */
  #sweepNarrow(): void {
    const least = this.#least * this.#total;
    const marks = new Map(this.#open.map((frame) => [frame.boxes, frame.boxes]));
    let to = 0;
    for (let i = 0; i < this.#names.length; i++) {
      if (marks.has(i)) marks.set(i, to);
      if (this.#weights[i]! < least) continue;
      this.#names[to] = this.#names[i]!;
      this.#depths[to] = this.#depths[i]!;
      this.#starts[to] = this.#starts[i]!;
      this.#weights[to] = this.#weights[i]!;
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
      total: this.#total,
      depth,
      names: this.#names,
      depths: this.#depths,
      starts: this.#starts,
      weights: this.#weights,
      dropped: this.#dropped,
    };
  }
}
