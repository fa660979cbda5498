import {
  FoldedReader,
  faultOf,
  isIncomplete,
  StacksError,
  StackSelector,
  type Facts,
  type StackBatch,
} from '@stapflame/stacks';
import { RendererError } from './errors.ts';
import { leastShare, resolveOptions, type RendererOptions, type ResolvedRendererOptions } from './options.ts';
import { namedColors } from './picture/data.ts';
import { svgDocument } from './picture/document.ts';
import { formatPaletteMap, type PaletteMap } from './picture/palette-map.ts';
import { StacksInAnyOrder } from './tree/any-order.ts';
import type { Boxes } from './tree/boxes.ts';
import { StacksInOrder } from './tree/in-order.ts';
import type { StackWalk } from './tree/walk.ts';

/** Counts and facts about the input and the picture. */
export interface RendererSummary {
  /** Number of stacks read. */
  readonly stacks: number;
  /**
   * Number of distinct stacks or, if the input is sorted or in time order, of stacks that differ from the previous one.
   */
  readonly distinct: number;
  /** The sum of the stacks' weights, which is the weight of the root box. */
  readonly weight: number;
  /** Facts about the stacks: unit, losses, … */
  readonly facts: Facts;
  /** Number of lines of folded text that are neither stacks nor comments. */
  readonly ignoredLines: number;
  /** Line number of the first ignored line, counted from 1. */
  readonly firstIgnoredLine: number | undefined;
  /** Number of boxes in the picture, not counting the root box. */
  readonly boxes: number;
  /** Number of frames not drawn because they are too narrow or because there are more than `maxBoxes`. */
  readonly dropped: number;
  /** The weight that is not drawn. */
  readonly droppedWeight: number;
  /** Whether only the widest boxes are drawn, because there are more than `maxBoxes`. */
  readonly isLimited: boolean;
  /** Number of levels not drawn because they are deeper than `maxDepth`. */
  readonly levelsCut: number;
  /** Whether the stacks are incomplete: something was lost before they reached the renderer. */
  readonly incomplete: boolean;
  /**
   * The palette map, if the option `cp` is set. Once the picture is drawn, the map also contains the picture's names.
   */
  readonly paletteMap: string | undefined;
}

/** The renderer's input: batches of stacks, or folded text in chunks. The text may be split anywhere. */
export type RendererInput = StackBatch | Uint8Array | string;

/** Minimum size of an output chunk, in characters. */
const PIECE = 1 << 16;

/** Draws a flame graph: accepts stacks and, at the end, returns the SVG in chunks. */
export class FlameGraphRenderer {
  readonly #options: ResolvedRendererOptions;
  readonly #selector: StackSelector | undefined;
  readonly #encoder = new TextEncoder();
  /** The reader of folded text; `none` if the input consists of stacks. */
  #reader: FoldedReader | 'none' | undefined;
  #walk: StackWalk | undefined;
  #facts: Facts = {};
  #boxes = 0;
  #dropped = 0;
  #droppedWeight = 0;
  #isLimited = false;
  #palette: PaletteMap | undefined;

  constructor(options: RendererOptions = {}) {
    this.#options = resolveOptions(options);
    this.#palette = this.#options.palette;
    const { reverse, base } = this.#options;
    if (reverse || base.length > 0) this.#selector = new StackSelector({ reverse, base });
  }

  /** Adds a batch of stacks and releases it, or adds a chunk of folded text. */
  push(input: RendererInput): void {
    const isText = typeof input === 'string' || input instanceof Uint8Array;
    this.#reader ??= isText ? new FoldedReader() : 'none';
    if (isText !== (this.#reader !== 'none')) {
      throw new RendererError(
        'MIXED_INPUT',
        'expected either folded text or stacks, but got both; pass only one of them',
      );
    }
    if (this.#reader === 'none') this.#pushStacks(input as StackBatch);
    else
      this.#readText(
        this.#reader,
        isText && typeof input === 'string' ? this.#encoder.encode(input) : (input as Uint8Array),
      );
  }

  #pushStacks(batch: StackBatch): void {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new RendererError('INVALID_STACKS', fault);
    this.#add(batch);
  }

  #readText(reader: FoldedReader, bytes: Uint8Array | undefined): void {
    try {
      if (bytes) reader.push(bytes);
      for (const batch of bytes ? reader.take() : reader.finish()) this.#add(batch);
    } catch (error) {
      if (error instanceof StacksError) throw new RendererError('INVALID_TEXT', error.message, error.line);
      throw error;
    }
  }

  #add(given: StackBatch): void {
    const batch = this.#selector ? this.#selector.select(given) : given;
    this.#walk ??= this.#newWalk(batch);
    this.#facts = batch.facts;
    this.#walk.add(batch);
    batch.release();
  }

  #newWalk({ facts: { order } }: StackBatch): StackWalk {
    const { minwidth, total, maxDepth, maxBoxes, flamechart, sorted } = this.#options;
    const options = { least: leastShare(minwidth), whole: total ?? 0, maxDepth, maxBoxes };
    if (flamechart) return new StacksInOrder(options, 'time');
    const isSorted = order === 'frame' || (sorted && !this.#selector);
    return isSorted ? new StacksInOrder(options, 'frame') : new StacksInAnyOrder(options);
  }

  /** Returns the picture in chunks. Throws `EMPTY_INPUT` if there is nothing to draw. */
  *finish(): Generator<string> {
    if (this.#reader instanceof FoldedReader) this.#readText(this.#reader, undefined);
    const walk = this.#walk;
    const boxes = walk?.finish();
    if (!walk || !boxes || !(walk.weight > 0 || boxes.totalBefore > 0)) throw this.#nothingToDraw();
    if (!(Math.max(boxes.sum, boxes.totalBefore) < Infinity))
      throw new RendererError(
        'SUM_TOO_LARGE',
        "expected weights that add up to less than 1.8e308, the limit of JavaScript's numbers; leave out the stacks with the largest weights",
      );
    const { palette } = this.#options;
    if (palette) this.#palette = namedColors(boxes.names, this.#options, palette);
    this.#boxes = boxes.depths.length;
    this.#dropped = boxes.dropped;
    this.#isLimited = boxes.isLimited;
    this.#droppedWeight = notDrawn(boxes, walk.weight);
    const facts = { ...this.#facts, ...(boxes.isInexact && { inexact: true }) };
    const shown = { facts, notDrawnWeight: this.#droppedWeight, levelsCut: this.#levelsCut };
    yield* gathered(svgDocument(boxes, this.#options, shown));
  }

  get #levelsCut(): number {
    return Math.max(0, (this.#walk?.deepest ?? 0) - this.#options.maxDepth);
  }

  #nothingToDraw(): RendererError {
    const { ignoredLines, firstIgnoredLine } = this.#readerSummary;
    const { base } = this.#options;
    const seen =
      firstIgnoredLine === undefined
        ? ''
        : `; ${ignoredLines} lines are not stacks; the first one is line ${firstIgnoredLine}`;
    const below = base.length > 0 ? ` below ${base.join(', ')}` : '';
    return new RendererError(
      'EMPTY_INPUT',
      `expected folded stacks (root;…;leaf COUNT)${below}, but no stack has a count above 0${seen}`,
      firstIgnoredLine,
    );
  }

  get #readerSummary(): { readonly ignoredLines: number; readonly firstIgnoredLine: number | undefined } {
    return this.#reader instanceof FoldedReader
      ? this.#reader.summary()
      : { ignoredLines: 0, firstIgnoredLine: undefined };
  }

  summary(): RendererSummary {
    const { ignoredLines, firstIgnoredLine } = this.#readerSummary;
    return {
      stacks: this.#walk?.stacks ?? 0,
      distinct: this.#walk?.distinct ?? 0,
      weight: this.#walk?.weight ?? 0,
      facts: this.#facts,
      ignoredLines,
      firstIgnoredLine,
      boxes: this.#boxes,
      dropped: this.#dropped,
      droppedWeight: this.#droppedWeight,
      isLimited: this.#isLimited,
      levelsCut: this.#levelsCut,
      incomplete: isIncomplete(this.#facts),
      paletteMap: this.#palette && formatPaletteMap(this.#palette),
    };
  }
}

/** Returns the weight that is not drawn. */
function notDrawn({ selfs, dropped }: Boxes, total: number): number {
  return dropped === 0 ? 0 : total - selfs.reduce((sum, self) => sum + self, 0);
}

function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Draws folded text, which is passed in chunks, and returns the SVG. */
export function renderFlameGraph(
  folded: Iterable<Uint8Array | string>,
  options: RendererOptions = {},
): string {
  const renderer = new FlameGraphRenderer(options);
  for (const piece of folded) renderer.push(piece);
  return [...renderer.finish()].join('');
}
