import { compareNames, type FrameTable, type StackBatch } from '@stapflame/stacks';
import { TablesError } from './errors.ts';
import { resolveTree, type ResolvedTreeOptions, type TreeOptions } from './options.ts';
import { Sums, type Share, type Whole } from './sums.ts';

/** A frame under its caller. */
export interface TreeNode {
  readonly name: string;
  readonly self: Share;
  readonly total: Share;
  /** Heaviest first, but those below the least share or too deep. */
  readonly children: readonly TreeNode[];
}

/** What stands at the roots of the stacks. */
export interface Tree extends Whole {
  /** Frames of the deepest stack. */
  readonly deepest: number;
  readonly children: readonly TreeNode[];
}

interface Node {
  readonly name: string;
  readonly level: number;
  self: number;
  total: number;
}

/**
 * Makes a tree of stacks that are sorted frame by frame: batches in, a tree out. A frame that closes is final and the
 * sum can only grow, so that what is below the least share of it is dropped at once. Memory is what is shown.
 */
export class TreeBuilder {
  readonly #options: ResolvedTreeOptions;
  readonly #sums = new Sums();
  #sum = 0;
  #deepest = 0;
  /** A frame before what it calls. */
  readonly #nodes: Node[] = [];
  /** Where the frames of the stack before stand in `#nodes`, from the root. */
  readonly #open: number[] = [];

  constructor(options: TreeOptions = {}) {
    this.#options = resolveTree(options);
  }

  /** Adds the stacks of a batch, which is released. */
  push(batch: StackBatch): void {
    const weights = this.#sums.add(batch);
    const { table, frames, bounds } = batch;
    for (let i = 0; i < batch.length; i++) this.#add(table, frames, bounds[i]!, bounds[i + 1]!, weights[i]!);
    batch.release();
  }

  #add(table: FrameTable, frames: Uint32Array, from: number, to: number, weight: number): void {
    const depth = Math.min(to - from, this.#options.maxDepth);
    const label = (level: number): string => table.label(frames[to - 1 - level]!);
    let shared = 0;
    while (shared < depth && this.#before(shared) === label(shared)) shared++;
    const before = this.#before(shared);
    if (before !== undefined && (shared === depth || compareNames(before, label(shared)) > 0))
      throw new TablesError(
        'UNSORTED',
        `a tree needs stacks that are sorted frame by frame, got ${label(depth - 1)} behind ${before}: fold them first`,
      );
    while (this.#open.length > shared) this.#close();
    for (let level = shared; level < depth; level++)
      this.#open.push(this.#nodes.push({ name: label(level), level, self: 0, total: 0 }) - 1);
    this.#sum += weight;
    this.#deepest = Math.max(this.#deepest, to - from);
    for (const at of this.#open) this.#nodes[at]!.total += weight;
    if (to - from === depth) this.#nodes[this.#open.at(-1)!]!.self += weight;
  }

  /** What the stack before has at a level. */
  #before(level: number): string | undefined {
    return this.#nodes[this.#open[level] ?? -1]?.name;
  }

  #close(): void {
    const at = this.#open.pop()!;
    if (this.#nodes[at]!.total < this.#options.minShare * this.#sum) this.#nodes.length = at;
  }

  /** The tree of all stacks. */
  table(): Tree {
    const { filtered } = this.#sums.whole();
    const least = this.#options.minShare * (this.#sum + filtered);
    const roots: TreeNode[] = [];
    const all = [roots];
    const lists = [roots];
    for (const { name, level, self, total } of this.#nodes) {
      lists.length = Math.min(lists.length, level + 1);
      // below one that is not shown
      if (lists.length <= level || total < least) continue;
      const children: TreeNode[] = [];
      lists[level]!.push({ name, self: this.#sums.share(self), total: this.#sums.share(total), children });
      lists.push(children);
      all.push(children);
    }
    for (const list of all)
      list.sort((a, b) => b.total.weight - a.total.weight || compareNames(a.name, b.name));
    return { ...this.#sums.whole(), deepest: this.#deepest, children: roots };
  }
}
