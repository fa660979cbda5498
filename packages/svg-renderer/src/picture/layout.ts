import { boundsOf, type Bounds } from './bounds.ts';

/** What is known about names: their modules and source lines, and which of them were inlined. */
export interface DetailColumns {
  readonly modules: readonly string[];
  /** Indexed by name number: an index into `modules`, or −1 for names without a module. */
  readonly moduleIds: readonly number[];
  /** Source files. */
  readonly files: readonly string[];
  /** Indexed by name number: an index into `files`, or −1 for names without a source file. */
  readonly fileIds: readonly number[];
  /** Indexed by name number: the source line, or the first and the last one if a name has several. */
  readonly lines: Readonly<Record<number, string>>;
  /** The name numbers of functions that were always inlined. */
  readonly inlined: readonly number[];
}

/** The tree of boxes: a column for each property, with the boxes in pre-order, root first. */
export interface TreeData {
  /** The distinct names. Names with sums come first, in descending order of sums. */
  readonly names: readonly string[];
  /** For each name, the weight of the stacks that end in it, whether drawn or not. */
  readonly selfs: ArrayLike<number>;
  /** For each name, the weight of the stacks that contain it, whether drawn or not. */
  readonly totals: ArrayLike<number>;
  /** Details of names; absent if there are none. */
  readonly details?: DetailColumns | undefined;
  /** Lower bound on the number of names that have neither sums nor boxes. */
  readonly others: number;
  /** Distance of each box from the root. */
  readonly depths: Int32Array;
  /** Index into `names`. */
  readonly nameIds: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  /** Weight between each box and its left sibling or, if it has none, the left edge of its caller. */
  readonly gaps: Float64Array;
  /** For each box, the weight of its callees that are too narrow to be drawn. */
  readonly dropped: Float64Array;
  /** The 'before' weights; absent unless this is a comparison. */
  readonly before?: Before | undefined;
  /** For each name or for each box, depending on `colorsBy`, an index into the colours. */
  readonly colorIds: ArrayLike<number>;
  readonly colorsBy: 'name' | 'box';
}

/** In a comparison, the 'before' weights and the results of the significance tests. */
export interface Before {
  /** Weight of each box. */
  readonly weights: ArrayLike<number>;
  /** For each box, the weight of its callees that are too narrow to be drawn. */
  readonly dropped: Float64Array;
  /** For each name, the weight of the stacks that end in it. */
  readonly selfs: ArrayLike<number>;
  /** For each name, the weight of the stacks that contain it. */
  readonly totals: ArrayLike<number>;
  /** Divisors for the weights; absent if shares of the totals are compared. */
  readonly exposures?: readonly [before: number, after: number] | undefined;
  /** Half the width of the intervals, in standard deviations. */
  readonly reach?: number | undefined;
  /** The numbers of the names whose self or total weight differs significantly; absent if functions were not tested. */
  readonly changed?: { readonly selfs: readonly number[]; readonly totals: readonly number[] } | undefined;
  /** Contains 1 for each box with a significant difference; absent if boxes were not tested. */
  readonly significant?: ArrayLike<number> | undefined;
}

/** The weights that the widths of boxes show. `both` stands for the mean of the 'before' and 'after' shares. */
export type Widths = 'after' | 'before' | 'both';

/** The positions of all boxes, in the same unit as their widths. */
export interface Layout {
  readonly tree: TreeData;
  readonly parents: Int32Array;
  readonly starts: Float64Array;
  /** For each box, the weight that remains after filtering; zero if the box is left out. */
  readonly weights: Float64Array;
  /**
   * The width of each box, which shows its 'after' or 'before' weight or both, as the user chose; zero if not drawn.
   */
  readonly widths: Float64Array;
  /** The 'before' weights; absent unless this is a comparison. */
  readonly before: Float64Array | undefined;
  readonly droppedBefore: Float64Array | undefined;
  /** Bounds on the weights that remain after filtering. */
  readonly bounds: Bounds;
  readonly boundsBefore: Bounds | undefined;
  /** For each box, the weight of its callees that are too narrow to be drawn. */
  readonly dropped: Float64Array;
  /** For each box, the index after its last descendant. */
  readonly ends: Int32Array;
  /** The boxes at each depth, from left to right. */
  readonly rows: readonly Int32Array[];
}

/** A filter by name. It leaves out either all calls to the named functions, or all stacks that contain none of them. */
export interface LayoutFilter {
  readonly kind: 'hide' | 'focus';
  /** Contains 1 for each name that the filter refers to. */
  readonly names: Uint8Array;
}

/** Applies the filters one after another, then lays out the tree. */
export function layOut(
  tree: TreeData,
  filters: readonly LayoutFilter[] = [],
  widthsOf: Widths = 'after',
): Layout {
  const count = tree.depths.length;
  const parents = new Int32Array(count).fill(-1);
  const ends = new Int32Array(count).fill(count);
  // the most recent box at each depth
  const open: number[] = [];
  let depth = 0;
  for (let i = 0; i < count; i++) {
    const next = tree.depths[i]!;
    for (; depth > next; depth--) ends[open[depth - 1]!] = i;
    if (next > 0) parents[i] = open[next - 1]!;
    open[next] = i;
    depth = next + 1;
  }
  const weights = new Float64Array(tree.weights);
  const dropped = new Float64Array(tree.dropped);
  const gaps = new Float64Array(tree.gaps);
  const columns = { parents, ends, weights, gaps, dropped };
  for (const filter of filters) {
    const isNamed = (box: number): boolean => filter.names[tree.nameIds[box]!] === 1;
    if (filter.kind === 'hide') hide(columns, isNamed);
    else focus(columns, isNamed);
  }
  const before = tree.before && layOut({ ...tree, ...tree.before, before: undefined }, filters);
  const widths = before ? mixed(weights, before.weights, widthsOf) : weights;
  return {
    tree,
    parents,
    ends,
    weights,
    widths,
    before: before?.weights,
    droppedBefore: before?.dropped,
    bounds: boundsOf(tree.dropped, tree.nameIds, filters, columns),
    boundsBefore: before?.bounds,
    dropped,
    // gaps are known only for the 'after' weights
    starts: startsOf(parents, widths, widths === weights ? gaps : gaps.fill(0)),
    rows: rowsOf(tree, widths),
  };
}

function mixed(after: Float64Array, before: Float64Array, widths: Widths): Float64Array {
  if (widths !== 'both') return widths === 'after' ? after : before;
  const shareOf = (weights: Float64Array, box: number): number =>
    weights[0]! > 0 ? weights[box]! / weights[0]! : 0;
  return after.map((_, box) => shareOf(after, box) + shareOf(before, box));
}

function startsOf(parents: Int32Array, widths: Float64Array, gaps: Float64Array): Float64Array {
  const starts = new Float64Array(widths.length);
  const next = new Float64Array(widths.length);
  for (let i = 0; i < widths.length; i++) {
    const parent = parents[i]!;
    starts[i] = (parent < 0 ? 0 : next[parent]!) + gaps[i]!;
    next[i] = starts[i]!;
    if (parent >= 0) next[parent] = starts[i]! + widths[i]!;
  }
  return starts;
}

function rowsOf({ depths }: TreeData, widths: Float64Array): Int32Array[] {
  const lengths: number[] = [];
  for (let i = 0; i < widths.length; i++) {
    if (widths[i]! > 0) lengths[depths[i]!] = (lengths[depths[i]!] ?? 0) + 1;
  }
  const rows = lengths.map((length) => new Int32Array(length));
  lengths.fill(0);
  for (let i = 0; i < widths.length; i++) {
    const depth = depths[i]!;
    if (widths[i]! > 0) rows[depth]![lengths[depth]!++] = i;
  }
  return rows;
}

interface Columns {
  readonly parents: Int32Array;
  readonly ends: Int32Array;
  readonly weights: Float64Array;
  readonly gaps: Float64Array;
  readonly dropped: Float64Array;
}

/** Removes all calls to the named functions, including their callees, and subtracts the weights from all callers. */
function hide({ parents, ends, weights, gaps, dropped }: Columns, isNamed: (box: number) => boolean): void {
  for (let i = 1; i < weights.length; i++) {
    if (!isNamed(i)) continue;
    const weight = weights[i]!;
    for (let up = parents[i]!; up >= 0; up = parents[up]!) weights[up]! -= weight;
    for (const column of [weights, gaps, dropped]) column.fill(0, i, ends[i]);
    i = ends[i]! - 1;
  }
}

/**
 * Keeps the outermost calls to the named functions, with their callees, and reduces the weight of each caller to the
 * weight of the calls that are kept in it.
 */
function focus({ parents, ends, weights, gaps, dropped }: Columns, isNamed: (box: number) => boolean): void {
  const kept = new Float64Array(weights.length);
  const keptGaps = new Float64Array(weights.length);
  const keptDropped = new Float64Array(weights.length);
  for (let i = 1; i < weights.length; i++) {
    if (!isNamed(i)) continue;
    const end = ends[i]!;
    for (let up = parents[i]!; up >= 0; up = parents[up]!) kept[up]! += weights[i]!;
    kept.set(weights.subarray(i, end), i);
    keptGaps.set(gaps.subarray(i + 1, end), i + 1);
    keptDropped.set(dropped.subarray(i, end), i);
    i = end - 1;
  }
  weights.set(kept);
  gaps.set(keptGaps);
  dropped.set(keptDropped);
}

/**
 * Returns the position of `box` in the row or, if the row does not contain it, the position of the next box after it.
 */
export function lowerBound(row: Int32Array, box: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle]! < box) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Returns the box at a position in a row; −1 if there is no box. The position has the same unit as the widths of boxes.
 */
export function boxAt({ starts, widths, rows }: Layout, depth: number, at: number): number {
  const row = rows[depth];
  if (!row) return -1;
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[row[middle]!]! <= at) low = middle + 1;
    else high = middle;
  }
  const box = row[low - 1];
  return box !== undefined && at < starts[box]! + widths[box]! ? box : -1;
}
