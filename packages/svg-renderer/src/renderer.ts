import { RendererError } from './errors.ts';
import { FoldedLines } from './folded-lines.ts';
import { resolveOptions, type RendererOptions, type ResolvedRendererOptions } from './options.ts';
import { svgDocument } from './svg/document.ts';
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

  constructor(options: RendererOptions = {}) {
    this.#options = resolveOptions(options);
    this.#tree = new SortedTree(this.#options.minwidth / this.#options.width);
    this.#unsorted = this.#options.sorted ? undefined : new UnsortedTree();
  }

  /** Reads a piece of folded text. It may be cut anywhere. */
  push(chunk: Uint8Array | string): void {
    this.#read(this.#lines.push(chunk));
  }

  #read(stacks: ReturnType<FoldedLines['push']>): void {
    for (const stack of stacks) {
      this.#stacks++;
      this.#weight += stack.weight;
      (this.#unsorted ?? this.#tree).add(stack);
    }
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
    yield* svgDocument(boxes, this.#options, this.#lines.incomplete);
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
      incomplete: this.#lines.incomplete !== undefined,
    };
  }
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
