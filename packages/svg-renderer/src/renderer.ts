import { RendererError } from './errors.ts';
import { FoldedLines, type OnStack } from './folded-lines.ts';
import { leastShare, resolveOptions, type RendererOptions, type ResolvedRendererOptions } from './options.ts';
import { svgDocument } from './picture/document.ts';
import type { StackColumns } from './stack-columns.ts';
import { BatchesInOrder } from './tree/batches.ts';
import type { Boxes } from './tree/boxes.ts';
import { BoxCollector } from './tree/collector.ts';
import { StacksInOrder } from './tree/sorted.ts';
import { StackTree } from './tree/unsorted.ts';

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

/** Draws a flame graph of folded text or of stacks in columns: pieces in, pieces of SVG out at the end. */
export class FlameGraphRenderer {
  readonly #options: ResolvedRendererOptions;
  readonly #lines: FoldedLines;
  readonly #collector: BoxCollector;
  readonly #tree: StackTree | StacksInOrder;
  /** Stacks in columns go here where their order is known, and as text otherwise. */
  readonly #batches: BatchesInOrder | undefined;
  readonly #encoder = new TextEncoder();
  #stacks = 0;
  #weight = 0;
  #boxes = 0;
  #dropped = 0;
  #droppedWeight = 0;

  constructor(options: RendererOptions = {}) {
    this.#options = resolveOptions(options);
    const { minwidth, total, flamechart, sorted, reverse, base } = this.#options;
    this.#collector = new BoxCollector(leastShare(minwidth), total);
    const inOrder = flamechart || (sorted && !reverse && base === undefined);
    const order = flamechart ? 'as it comes' : 'sorted';
    this.#batches = inOrder ? new BatchesInOrder(this.#collector, order) : undefined;
    this.#tree = inOrder ? new StacksInOrder(this.#collector, order) : new StackTree({ reverse, base });
    this.#lines = new FoldedLines(this.#addStack);
  }

  /** Reads a piece of folded text, which may be cut anywhere, or stacks in columns. */
  push(chunk: Uint8Array | string | StackColumns): void {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.#lines.push(chunk);
    else this.#pushColumns(chunk);
  }

  #pushColumns(batch: StackColumns): void {
    if (this.#batches) {
      const weight = this.#batches.add(batch);
      this.#count(batch.bounds.length - 1, weight, `with stack ${this.#stacks + batch.bounds.length - 1}`);
    } else this.#pushStacks(batch);
    if (batch.comment !== undefined) this.#lines.push(`${batch.comment}\n`);
    batch.release?.();
  }

  #pushStacks({ table: { labels }, frames, bounds, weights }: StackColumns): void {
    const first = weights[0]!;
    const last = weights.at(-1)!;
    for (let i = 0; i < bounds.length - 1; i++) {
      const names = Array.from(frames.subarray(bounds[i], bounds[i + 1]), (id) => labels[id]!);
      const bytes = this.#encoder.encode(names.reverse().join(';'));
      this.#addStack(bytes, 0, bytes.length, last[i]!, last[i]! - first[i]!, this.#stacks + 1);
    }
  }

  readonly #addStack: OnStack = (bytes, from, to, weight, change, line) => {
    if (this.#tree.add(bytes, from, to, weight, change, line) === false) return;
    this.#count(1, weight, `at line ${line}`);
  };

  #count(stacks: number, weight: number, where: string): void {
    this.#stacks += stacks;
    this.#weight += weight;
    if (this.#weight > Number.MAX_SAFE_INTEGER) throw sumTooLarge(where, this.#stacks);
  }

  /** The picture; throws `EMPTY_INPUT` where there is nothing to draw. */
  *finish(): Generator<string> {
    this.#lines.end();
    if (!(this.#weight > 0)) {
      const { lines, first } = this.#lines.ignored;
      const seen = lines > 0 ? `; ${lines} lines are no stacks, the first is line ${first}` : '';
      throw new RendererError(
        'EMPTY_INPUT',
        `expected folded stacks (root;…;leaf COUNT), found none with a count over 0${seen}`,
        first,
      );
    }
    if (this.#tree instanceof StackTree) this.#tree.walk(this.#collector);
    else {
      this.#batches?.end();
      this.#tree.end();
    }
    const boxes = this.#collector.boxes();
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

function sumTooLarge(where: string, line: number): RendererError {
  return new RendererError(
    'SUM_TOO_LARGE',
    `${where} the sum of counts passes ${Number.MAX_SAFE_INTEGER}, the largest exact one; scale the counts down`,
    line,
  );
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
