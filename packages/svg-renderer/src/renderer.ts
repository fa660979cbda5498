import { RendererError } from './errors.ts';
import { leastShare, resolveOptions, type RendererOptions, type ResolvedRendererOptions } from './options.ts';
import { namedColors } from './picture/data.ts';
import { svgDocument } from './picture/document.ts';
import { formatPaletteMap, type PaletteMap } from './picture/palette-map.ts';
import { OtherLines } from './folded/other-lines.ts';
import type { StackColumns } from './stack-columns.ts';
import { BatchesInOrder } from './tree/batches.ts';
import type { Boxes } from './tree/boxes.ts';
import type { FoldedTree, TreeOptions } from './tree/folded-tree.ts';
import { createTree } from './tree/load.ts';

/** What was read and drawn. */
export interface RendererSummary {
  /** Stacks read. */
  readonly stacks: number;
  /** How many of them differ; where order counts, from the one before. */
  readonly distinct: number;
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
  /** With the option `cp`, the palette.map with the names of the picture; final when it is drawn. */
  readonly paletteMap: string | undefined;
}

/** Draws a flame graph of folded text or of stacks in columns: pieces in, pieces of SVG out at the end. */
export class FlameGraphRenderer {
  readonly #options: ResolvedRendererOptions;
  readonly #treeOptions: TreeOptions;
  readonly #others = new OtherLines();
  readonly #encoder = new TextEncoder();
  /** Takes what comes first, text or columns. */
  #tree: FoldedTree | BatchesInOrder | undefined;
  #boxes = 0;
  #dropped = 0;
  #droppedWeight = 0;
  #palette: PaletteMap | undefined;

  constructor(options: RendererOptions = {}) {
    this.#options = resolveOptions(options);
    this.#palette = this.#options.palette;
    const { minwidth, total, flamechart, sorted, reverse } = this.#options;
    const base = sorted === 'from base' ? undefined : this.#options.base;
    const isInOrder = sorted !== false && reverse !== true && base === undefined;
    this.#treeOptions = {
      order: flamechart ? 'as it comes' : isInOrder ? 'sorted' : 'any',
      least: leastShare(minwidth),
      whole: total ?? 0,
      reverse: reverse === true,
      base,
    };
  }

  /** Reads a piece of folded text, which may be cut anywhere, or stacks in columns. */
  push(chunk: Uint8Array | string | StackColumns): void {
    if (typeof chunk === 'string') this.#pushText(this.#encoder.encode(chunk));
    else if (chunk instanceof Uint8Array) this.#pushText(chunk);
    else this.#pushColumns(chunk);
  }

  /** Room for the next bytes of folded text: what is put at its start and then told to `advance` is not copied. */
  space(): Uint8Array {
    return this.#textTree().space();
  }

  /** So many bytes were put at the start of the last `space()`. */
  advance(length: number): void {
    this.#textTree().advance(length);
  }

  #textTree(): FoldedTree {
    const tree = (this.#tree ??= createTree(this.#treeOptions, this.#others));
    if (tree instanceof BatchesInOrder) throw mixedInput();
    return tree;
  }

  #pushText(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const space = this.space();
      const piece = bytes.subarray(from, from + space.length);
      space.set(piece);
      this.advance(piece.length);
      from += piece.length;
    }
  }

  #pushColumns(batch: StackColumns): void {
    if (this.#treeOptions.order === 'any') this.#pushText(this.#encoder.encode(textOf(batch)));
    else {
      const tree = (this.#tree ??= new BatchesInOrder(this.#treeOptions));
      if (!(tree instanceof BatchesInOrder)) throw mixedInput();
      tree.add(batch);
    }
    if (batch.comment !== undefined) this.#others.add(this.#encoder.encode(batch.comment), 0);
    batch.release?.();
  }

  /** The picture; throws `EMPTY_INPUT` where there is nothing to draw. */
  *finish(): Generator<string> {
    const boxes = this.#tree?.finish();
    const weight = this.#tree?.weight ?? 0;
    if (!boxes || !(weight > 0)) {
      const { lines, first } = this.#others.ignored;
      const seen = lines > 0 ? `; ${lines} lines are no stacks, the first is line ${first}` : '';
      throw new RendererError(
        'EMPTY_INPUT',
        `expected folded stacks (root;…;leaf COUNT), found none with a count over 0${seen}`,
        first,
      );
    }
    if (this.#palette) this.#palette = namedColors(boxes.names, this.#options);
    this.#boxes = boxes.depths.length;
    this.#dropped = boxes.dropped;
    this.#droppedWeight = notDrawn(boxes, weight);
    yield* svgDocument(boxes, this.#options, this.#others.incomplete, this.#droppedWeight);
  }

  summary(): RendererSummary {
    const { lines, first } = this.#others.ignored;
    return {
      stacks: this.#tree?.stacks ?? 0,
      distinct: this.#tree?.distinct ?? 0,
      weight: this.#tree?.weight ?? 0,
      ignoredLines: lines,
      firstIgnoredLine: first,
      boxes: this.#boxes,
      dropped: this.#dropped,
      droppedWeight: this.#droppedWeight,
      incomplete: this.#others.isLossy,
      paletteMap: this.#palette && formatPaletteMap(this.#palette),
    };
  }
}

function mixedInput(): RendererError {
  return new RendererError(
    'MIXED_INPUT',
    'expected either folded text or stacks in columns, got both; give one of the two',
  );
}

/** The stacks as folded lines; always with two counts, so that none is taken for the end of a name. */
function textOf({ table: { labels }, frames, bounds, weights }: StackColumns): string {
  const first = weights[0]!;
  const last = weights.at(-1)!;
  let text = '';
  for (let i = 0; i < bounds.length - 1; i++) {
    const names = Array.from(frames.subarray(bounds[i], bounds[i + 1]), (id) => labels[id]!);
    text += `${names.reverse().join(';')} ${first[i]} ${last[i]}\n`;
  }
  return text;
}

/** Weight of the outermost frames without a box: every stack ends in one box, its own or its caller's. */
function notDrawn({ selfs, dropped }: Boxes, total: number): number {
  return dropped === 0 ? 0 : total - selfs.reduce((sum, self) => sum + self, 0);
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
