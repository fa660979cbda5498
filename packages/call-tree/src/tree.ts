import {
  compareNames,
  faultOf,
  ShareSums,
  type FrameTable,
  type Share,
  type StackBatch,
  type Whole,
} from '@stapflame/stacks';
import { CallTreeError } from './errors.ts';
import { resolveOptions, type CallTreeOptions } from './options.ts';

/** A frame under its caller. */
export interface CallTreeNode {
  readonly name: string;
  readonly self: Share;
  readonly total: Share;
  /** Heaviest first, without frames that are too small or too deep. */
  readonly children: readonly CallTreeNode[];
}

/** The roots of the stacks. */
export interface CallTree extends Whole {
  /** Smallest share of the whole in the tree. */
  readonly minShare: number;
  /** Largest number of levels in the tree. */
  readonly maxDepth: number;
  /** Number of frames in the deepest stack. */
  readonly deepest: number;
  readonly children: readonly CallTreeNode[];
}

interface Node {
  readonly id: number;
  readonly level: number;
  /** Present only while the frame is open. */
  table?: FrameTable | undefined;
  /** Looked up only if needed: most frames are too small to be shown. */
  name?: string;
  self: number;
  total: number;
}

/**
 * Makes a tree from stacks that are sorted frame by frame: batches in, a tree out. The weight of a frame is final
 * when it closes, and the sum can only grow. So a frame below the smallest share is dropped immediately, and memory
 * holds only frames that may be shown.
 */
export class CallTreeBuilder {
  readonly #options: Required<CallTreeOptions>;
  readonly #sums = new ShareSums();
  #sum = 0;
  #deepest = 0;
  /** Each frame comes before its callees. */
  readonly #nodes: Node[] = [];
  /** For each frame of the previous stack, from the root: its index in `#nodes`. */
  readonly #open: number[] = [];

  constructor(options: CallTreeOptions = {}) {
    this.#options = resolveOptions(options);
  }

  /** Adds the stacks of a batch and releases it. */
  push(batch: StackBatch): void {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new CallTreeError('INVALID_STACKS', fault);
    const weights = this.#sums.add(batch);
    const { table, frames, bounds } = batch;
    for (let i = 0; i < batch.length; i++) this.#add(table, frames, bounds[i]!, bounds[i + 1]!, weights[i]!);
    batch.release();
  }

  #add(table: FrameTable, frames: Uint32Array, from: number, to: number, weight: number): void {
    const depth = Math.min(to - from, this.#options.maxDepth);
    let shared = 0;
    let order = 0;
    for (; shared < depth; shared++) {
      order = this.#orderBehindOpen(shared, table, frames[to - 1 - shared]!);
      if (order !== 0) break;
    }
    if (order < 0 || (order === 0 && shared < this.#open.length)) throw this.#unsorted(shared);
    while (this.#open.length > shared) this.#close();
    for (let level = shared; level < depth; level++)
      this.#open.push(this.#nodes.push({ table, id: frames[to - 1 - level]!, level, self: 0, total: 0 }) - 1);
    this.#sum += weight;
    this.#deepest = Math.max(this.#deepest, to - from);
    for (const at of this.#open) this.#nodes[at]!.total += weight;
    if (to - from === depth) this.#nodes[this.#open.at(-1)!]!.self += weight;
  }

  /** 0 if the previous stack has the same name at this level; above 0 if the frame sorts after that name. */
  #orderBehindOpen(level: number, table: FrameTable, id: number): number {
    const node = this.#nodes[this.#open[level] ?? -1];
    if (!node) return 1;
    return node.table === table && node.id === id ? 0 : compareNames(table.label(id), nameOf(node));
  }

  #unsorted(level: number): CallTreeError {
    const before = nameOf(this.#nodes[this.#open[level]!]!);
    return new CallTreeError(
      'UNSORTED',
      `a tree needs stacks that are sorted frame by frame, but one stack should come before ${before}: fold them first`,
    );
  }

  #close(): void {
    const at = this.#open.pop()!;
    const node = this.#nodes[at]!;
    if (node.total < this.#options.minShare * this.#sum) this.#nodes.length = at;
    else {
      nameOf(node);
      node.table = undefined;
    }
  }

  /** The tree of all stacks. */
  tree(): CallTree {
    if (this.#sums.stacks === 0) throw new CallTreeError('EMPTY_INPUT', 'expected stacks, found none');
    const whole = this.#sums.whole();
    const least = this.#options.minShare * (this.#sum + whole.filtered);
    const roots: CallTreeNode[] = [];
    const all = [roots];
    const lists = [roots];
    for (const node of this.#nodes) {
      const { level, self, total } = node;
      lists.length = Math.min(lists.length, level + 1);
      // below a frame that is not shown
      if (lists.length <= level || total < least) continue;
      const children: CallTreeNode[] = [];
      lists[level]!.push({
        name: nameOf(node),
        self: this.#sums.share(self),
        total: this.#sums.share(total),
        children,
      });
      lists.push(children);
      all.push(children);
    }
    for (const list of all)
      list.sort((a, b) => b.total.weight - a.total.weight || compareNames(a.name, b.name));
    return { ...whole, ...this.#options, deepest: this.#deepest, children: roots };
  }
}

function nameOf(node: Node): string {
  return (node.name ??= node.table!.label(node.id));
}
