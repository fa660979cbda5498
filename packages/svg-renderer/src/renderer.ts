import { RendererError } from './errors.ts';
import { FoldedLines, type FoldedStack } from './folded-lines.ts';
import { leastShare, resolveOptions, type RendererOptions, type ResolvedRendererOptions } from './options.ts';
import { svgDocument } from './picture/document.ts';
import type { Boxes } from './tree/boxes.ts';
import { SortedTree } from './tree/sorted.ts';
import { UnsortedTree } from './tree/unsorted.ts';

/** What was read and drawn. */
export interface RendererSummary {
  /** Stacks read. */
  readonly stacks: number;
  /** Sum of their weights: the root box. */
  readonly weight: number;
  /** Lines that are no stack and no comment, and the number of the first. */
  readonly ignoredLines: number;
  readonly firstIgnoredLine: number | undefined;
  /** Boxes in the picture beside the root. */
  readonly boxes: number;
  /** Frames too narrow to be drawn. */
  readonly dropped: number;
  /** Weight of the outermost of them. */
  readonly droppedWeight: number;
  /** The folded text says that something was lost. */
  readonly incomplete: boolean;
}

/** Draws a flame graph of folded text: pieces of text in, pieces of SVG out at the end. */
export class FlameGraphRenderer {
  readonly #options: ResolvedRendererOptions;
  readonly #lines = new FoldedLines();
  readonly #unsorted: UnsortedTree | undefined;
  readonly #tree: SortedTree;
  #stacks = 0;
  #weight = 0;
  #boxes = 0;
  #dropped = 0;
  #droppedWeight = 0;

  constructor(options: RendererOptions = {}) {
    this.#options = resolveOptions(options);
    const { minwidth, total, flamechart, sorted, reverse, base } = this.#options;
    this.#tree = new SortedTree(leastShare(minwidth), total, flamechart ? 'as it comes' : 'sorted');
    const inOrder = flamechart || (sorted && !reverse && base === undefined);
    this.#unsorted = inOrder ? undefined : new UnsortedTree();
  }

  /** Reads a piece of folded text. It may be cut anywhere. */
  push(chunk: Uint8Array | string): void {
    this.#read(this.#lines.push(chunk));
  }

  #read(stacks: ReturnType<FoldedLines['push']>): void {
    for (const each of stacks) {
      const stack = this.#chosen(each);
      if (!stack) continue;
      this.#stacks++;
      this.#weight += stack.weight;
      (this.#unsorted ?? this.#tree).add(stack);
    }
  }

  /** The part of a stack that is to be drawn. */
  #chosen(stack: FoldedStack): FoldedStack | undefined {
    const { base, reverse } = this.#options;
    if (base === undefined && !reverse) return stack;
    const from = base === undefined ? 0 : stack.frames.indexOf(base);
    if (from < 0) return undefined;
    const frames = stack.frames.slice(from);
    return { ...stack, frames: reverse ? frames.reverse() : frames };
  }

  /** The picture; throws `EMPTY_INPUT` where there is nothing to draw. */
  *finish(): Generator<string> {
    this.#read(this.#lines.end());
    if (!(this.#weight > 0)) {
      const { lines, first } = this.#lines.ignored;
      const seen = lines > 0 ? `; ${lines} lines are no stacks, the first is line ${first}` : '';
      throw new RendererError(
        'EMPTY_INPUT',
        `expected folded stacks (root;…;leaf COUNT), found none with a count over 0${seen}`,
        first,
      );
    }
    if (this.#unsorted) for (const stack of this.#unsorted.sorted()) this.#tree.add(stack);
    const boxes = this.#tree.boxes();
    this.#boxes = boxes.names.length;
    this.#dropped = boxes.dropped;
    this.#droppedWeight = notDrawn(boxes, this.#weight);
    yield* svgDocument(boxes, this.#options, this.#lines.incomplete, this.#droppedWeight);
  }

  summary(): RendererSummary {
    const { lines, first } = this.#lines.ignored;
    return {
      stacks: this.#stacks,
      weight: this.#weight,
      ignoredLines: lines,
      firstIgnoredLine: first,
      boxes: this.#boxes,
      dropped: this.#dropped,
      droppedWeight: this.#droppedWeight,
      incomplete: this.#lines.incomplete !== undefined,
    };
  }
}

/** Weight that is neither in a box's children nor in stacks that end in it: boxes come after their children. */
function notDrawn({ depths, weights, selfs, dropped }: Boxes, total: number): number {
  if (dropped === 0) return 0;
  const children: number[] = [];
  let weight = 0;
  for (const [i, depth] of depths.entries()) {
    weight += weights[i]! - selfs[i]! - (children[depth + 1] ?? 0);
    children[depth + 1] = 0;
    children[depth] = (children[depth] ?? 0) + weights[i]!;
  }
  return weight + total - (children[0] ?? 0);
}

/** The picture of folded text that is given in pieces, as a string. */
export function renderFlameGraph(
  folded: Iterable<Uint8Array | string>,
  options: RendererOptions = {},
): string {
  const renderer = new FlameGraphRenderer(options);
  for (const chunk of folded) renderer.push(chunk);
  return [...renderer.finish()].join('');
}
