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

/** A frame in the tree, below its caller. */
export interface CallTreeNode {
  readonly name: string;
  readonly self: Share;
  readonly total: Share;
  /** Callees, heaviest first. Frames that are too small or too deep are left out. */
  readonly children: readonly CallTreeNode[];
}

/** A call tree. Its children are the root frames of the stacks. */
export interface CallTree extends Whole {
  /** Frames with less than this share of the weight of all stacks were left out. */
  readonly minShare: number;
  /** Frames deeper than this were left out. */
  readonly maxDepth: number;
  /** Number of frames in the deepest stack of the input. */
  readonly deepest: number;
  readonly children: readonly CallTreeNode[];
}

interface Node {
  readonly id: number;
  readonly level: number;
  /** The table that `id` refers to. Present only while the frame is open. */
  table?: FrameTable | undefined;
  /** The frame's name. Looked up only when needed, because most frames are too small to be shown. */
  name?: string;
  self: number;
  total: number;
}

/**
 * Builds a tree from batches of stacks that are sorted frame by frame. A frame's weight is final when the frame closes,
 * and the sum of all weights can only grow. A closed frame below the minimum share can therefore be dropped
 * immediately, and memory holds only frames that might still be shown.
 */
export class CallTreeBuilder {
  readonly #options: Required<CallTreeOptions>;
  readonly #sums = new ShareSums();
  #sum = 0;
  #deepest = 0;
  /** All frames that are still in the tree. Each frame comes before its callees. */
  readonly #nodes: Node[] = [];
  /** For each frame of the previous stack, root first, its index in `#nodes`. */
  readonly #open: number[] = [];

  constructor(options: CallTreeOptions = {}) {
    this.#options = resolveOptions(options);
  }

  /** Adds a batch's stacks and releases the batch. */
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

  /**
   * Compares the given frame's name with the name at this level of the previous stack. Returns 0 if they are equal, and
   * more than 0 if the given frame's name sorts later.
   */
  #orderBehindOpen(level: number, table: FrameTable, id: number): number {
    const node = this.#nodes[this.#open[level] ?? -1];
    if (!node) return 1;
    return node.table === table && node.id === id ? 0 : compareNames(table.label(id), nameOf(node));
  }

  #unsorted(level: number): CallTreeError {
    const before = nameOf(this.#nodes[this.#open[level]!]!);
    return new CallTreeError(
      'UNSORTED',
      `expected stacks that are sorted frame by frame, but a stack that sorts before ${before} follows it; fold the stacks first`,
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

  /** Returns the tree for all stacks. */
  tree(): CallTree {
    if (this.#sums.stacks === 0)
      throw new CallTreeError('EMPTY_INPUT', 'expected at least one stack, found none');
    const whole = this.#sums.whole();
    const least = this.#options.minShare * (this.#sum + whole.filtered);
    const roots: CallTreeNode[] = [];
    const all = [roots];
    const lists = [roots];
    for (const node of this.#nodes) {
      const { level, self, total } = node;
      lists.length = Math.min(lists.length, level + 1);
      // Skip this frame if it is too small or its caller is not shown.
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
