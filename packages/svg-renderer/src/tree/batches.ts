import { RendererError, sumTooLarge } from '../errors.ts';
import type { StackColumns } from '../stack-columns.ts';
import type { Boxes } from './boxes.ts';
import { BoxCollector } from './collector.ts';
import type { TreeOptions } from './folded-tree.ts';
import { compareBytes } from './names.ts';

/**
 * Walks the tree of stacks in columns as they come, in one pass: {@link StacksInOrder} on numbers. Only what
 * differs from the stack before is looked at.
 */
export class BatchesInOrder {
  readonly #boxes: BoxCollector;
  readonly #order: 'sorted' | 'as it comes';
  readonly #maxDepth: number;
  #labels: readonly string[] = [];
  /** Place of each label of the table in byte order; `undefined` where ids are in that order themselves. */
  #ranks: Uint32Array | undefined;
  /** The stack before, root first. */
  #last: Uint32Array = new Uint32Array(64);
  #depth = 0;
  stacks = 0;
  weight = 0;

  constructor(options: TreeOptions) {
    this.#boxes = new BoxCollector(options);
    this.#order = options.order === 'sorted' ? 'sorted' : 'as it comes';
    this.#maxDepth = options.maxDepth;
  }

  get distinct(): number {
    return this.#boxes.distinct;
  }

  /** Walks on. */
  add(batch: StackColumns): void {
    if (batch.bounds.length < 2) return;
    if (batch.table.labels !== this.#labels) this.#changeTable(batch);
    const { frames, bounds, weights } = batch;
    const first = weights[0]!;
    const last = weights.at(-1)!;
    for (let i = 0; i < bounds.length - 1; i++) {
      this.#move(frames, bounds[i]!, bounds[i + 1]!);
      this.#boxes.add(last[i]!, last[i]! - first[i]!);
      this.weight += last[i]!;
    }
    if (this.weight > Number.MAX_SAFE_INTEGER) throw sumTooLarge('stack', this.stacks);
  }

  /** From the last stack to the stack `frames[from … to)`. */
  #move(frames: Uint32Array, from: number, to: number): void {
    const depth = to - from;
    const most = Math.min(depth, this.#depth);
    let last = this.#last;
    let shared = 0;
    while (shared < most && last[shared] === frames[to - 1 - shared]) shared++;
    this.stacks++;
    if (this.#mustBeSorted(shared))
      this.#verify(this.stacks, shared < depth ? frames[to - 1 - shared] : undefined, last[shared]!);
    while (this.#depth > shared) this.#close();
    if (depth > last.length) last = this.#deepen(depth);
    for (let at = shared; at < depth; at++) {
      last[at] = frames[to - 1 - at]!;
      this.#boxes.open();
    }
    this.#depth = depth;
  }

  #deepen(depth: number): Uint32Array {
    const deeper = new Uint32Array(Math.max(depth, this.#last.length * 2));
    deeper.set(this.#last);
    return (this.#last = deeper);
  }

  /** Whether the next stack leaves the last one at a frame whose order counts: what is too deep may come in any. */
  #mustBeSorted(shared: number): boolean {
    return this.#order === 'sorted' && shared < Math.min(this.#depth, this.#maxDepth);
  }

  /** Throws where a stack with the frame `next` should stand before one with `before` in its place. */
  #verify(stack: number, next: number | undefined, before: number): void {
    if (next !== undefined && this.#rank(next) > this.#rank(before)) return;
    throw new RendererError(
      'UNSORTED',
      `stack ${stack} is out of order frame by frame; fold the stacks first, or leave out the option sorted`,
      stack,
    );
  }

  #rank(id: number): number {
    return this.#ranks ? this.#ranks[id]! : id;
  }

  /** The open frames go on in the new table, up to the first that the next stack does not share. */
  #changeTable({ table: { labels }, frames, bounds }: StackColumns): void {
    const end = bounds[1]!;
    const depth = end - bounds[0]!;
    const most = Math.min(depth, this.#depth);
    let shared = 0;
    while (shared < most && this.#label(shared) === labels[frames[end - 1 - shared]!]) shared++;
    if (this.#mustBeSorted(shared)) {
      const next = shared < depth ? labels[frames[end - 1 - shared]!] : undefined;
      this.#ranks = next === undefined ? undefined : ranksOf([this.#label(shared), next]);
      this.#verify(this.stacks + 1, next === undefined ? undefined : 1, 0);
    }
    while (this.#depth > shared) this.#close();
    for (let at = 0; at < shared; at++) this.#last[at] = frames[end - 1 - at]!;
    this.#labels = labels;
    this.#ranks = this.#order === 'sorted' ? ranksOf(labels) : undefined;
  }

  #label(depth: number): string {
    return this.#labels[this.#last[depth]!]!;
  }

  #close(): void {
    this.#boxes.close(this.#nameOf);
    this.#depth--;
  }

  readonly #nameOf = (depth: number): string => this.#label(depth);

  /** Closes every frame; there are no more stacks. */
  finish(): Boxes {
    while (this.#depth > 0) this.#close();
    return this.#boxes.boxes();
  }
}

/** The place of each label in UTF-8 byte order; `undefined` where they stand in it. */
function ranksOf(labels: readonly string[]): Uint32Array | undefined {
  const encoder = new TextEncoder();
  const bytes = labels.map((label) => encoder.encode(label));
  if (bytes.every((each, id) => id === 0 || compareBytes(bytes[id - 1]!, each) < 0)) return undefined;
  const order = Array.from(bytes.keys()).sort((a, b) => compareBytes(bytes[a]!, bytes[b]!));
  const ranks = new Uint32Array(labels.length);
  for (const [rank, id] of order.entries()) ranks[id] = rank;
  return ranks;
}
