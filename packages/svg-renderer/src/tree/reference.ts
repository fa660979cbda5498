import { sumTooLarge } from '../errors.ts';
import { FoldedLines } from '../folded/folded-lines.ts';
import type { OtherLines } from '../folded/other-lines.ts';
import type { Boxes } from './boxes.ts';
import { BoxCollector } from './collector.ts';
import { PIECE, type FoldedTree, type TreeOptions } from './folded-tree.ts';
import { StacksInOrder } from './sorted.ts';
import { StackTree } from './unsorted.ts';

/** The tree in plain TypeScript: where WebAssembly gets no memory, and what the other one is tested against. */
export class ReferenceTree implements FoldedTree {
  readonly #space = new Uint8Array(PIECE);
  readonly #lines: FoldedLines;
  readonly #collector: BoxCollector;
  readonly #tree: StackTree | StacksInOrder;
  stacks = 0;
  weight = 0;

  constructor(options: TreeOptions, others: OtherLines) {
    this.#collector = new BoxCollector(options);
    this.#tree =
      options.order === 'any' ? new StackTree(options) : new StacksInOrder(this.#collector, options);
    this.#lines = new FoldedLines(
      (bytes, from, to, weight, change, line) => {
        if (this.#tree.add(bytes, from, to, weight, change, line) === false) return;
        this.stacks++;
        this.weight += weight;
        if (this.weight > Number.MAX_SAFE_INTEGER) throw sumTooLarge('line', line);
      },
      options.maxLineLength,
      others,
    );
  }

  get distinct(): number {
    return this.#tree instanceof StackTree ? this.#tree.distinct : this.#collector.distinct;
  }

  space(): Uint8Array {
    return this.#space;
  }

  advance(length: number): void {
    this.#lines.push(this.#space.subarray(0, length));
  }

  finish(): Boxes {
    this.#lines.end();
    if (this.#tree instanceof StackTree) this.#tree.walk(this.#collector);
    else this.#tree.end();
    return this.#collector.boxes();
  }
}
