/** The tree as it stands in the file: boxes in pre-order, the root first, one column for each property. */
export interface TreeData {
  /** Each name once. */
  readonly names: readonly string[];
  /** Distance of each box from the root. */
  readonly depths: ArrayLike<number>;
  /** Index into `names`. */
  readonly nameIds: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  /** Weight between a box and what stands left of it: its sibling, or its parent's edge. */
  readonly gaps: ArrayLike<number>;
  /** Index into the colours, of each name or, where `colorsBy` says so, of each box. */
  readonly colorIds: ArrayLike<number>;
  readonly colorsBy: 'name' | 'box';
}

/** Where every box stands, in units of weight. */
export interface Layout {
  readonly tree: TreeData;
  readonly parents: Int32Array;
  readonly starts: Float64Array;
  /** Zero where a box is left out. */
  readonly weights: Float64Array;
  /** Index after the last descendant of each box. */
  readonly ends: Int32Array;
  /** The boxes of each depth, from left to right. */
  readonly rows: readonly Int32Array[];
}

/** What to leave out of the picture: every call of some names, or all but those. */
export interface LayoutFilter {
  readonly kind: 'hide' | 'focus';
  /** 1 for each of these names. */
  readonly names: Uint8Array;
}

/** Lays out the tree after the filters, which are applied one after the other. */
export function layOut(tree: TreeData, filters: readonly LayoutFilter[] = []): Layout {
  const count = tree.depths.length;
  const parents = new Int32Array(count).fill(-1);
  const ends = new Int32Array(count).fill(count);
  // the last box at each depth
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
  const gaps = new Float64Array(tree.gaps);
  for (const filter of filters) {
    if (filter.kind === 'hide') hide(tree, parents, ends, weights, gaps, filter.names);
    else focus(tree, parents, ends, weights, gaps, filter.names);
  }
  return {
    tree,
    parents,
    ends,
    weights,
    starts: startsOf(parents, weights, gaps),
    rows: rowsOf(tree, weights),
  };
}

function startsOf(parents: Int32Array, weights: Float64Array, gaps: Float64Array): Float64Array {
  const starts = new Float64Array(weights.length);
  const next = new Float64Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    const parent = parents[i]!;
    starts[i] = (parent < 0 ? 0 : next[parent]!) + gaps[i]!;
    next[i] = starts[i]!;
    if (parent >= 0) next[parent] = starts[i]! + weights[i]!;
  }
  return starts;
}

function rowsOf({ depths }: TreeData, weights: Float64Array): Int32Array[] {
  const lengths: number[] = [];
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! > 0) lengths[depths[i]!] = (lengths[depths[i]!] ?? 0) + 1;
  }
  const rows = lengths.map((length) => new Int32Array(length));
  lengths.fill(0);
  for (let i = 0; i < weights.length; i++) {
    const depth = depths[i]!;
    if (weights[i]! > 0) rows[depth]![lengths[depth]!++] = i;
  }
  return rows;
}

/** Takes the calls of these names, and all that they call, out of every caller's weight. */
function hide(
  tree: TreeData,
  parents: Int32Array,
  ends: Int32Array,
  weights: Float64Array,
  gaps: Float64Array,
  names: Uint8Array,
): void {
  for (let i = 1; i < weights.length; i++) {
    if (names[tree.nameIds[i]!] === 0) continue;
    const weight = weights[i]!;
    for (let up = parents[i]!; up >= 0; up = parents[up]!) weights[up]! -= weight;
    weights.fill(0, i, ends[i]);
    gaps.fill(0, i, ends[i]);
    i = ends[i]! - 1;
  }
}

/** Keeps the outermost calls of these names with all that they call, and their callers with the weight of these. */
function focus(
  tree: TreeData,
  parents: Int32Array,
  ends: Int32Array,
  weights: Float64Array,
  gaps: Float64Array,
  names: Uint8Array,
): void {
  const kept = new Float64Array(weights.length);
  const keptGaps = new Float64Array(weights.length);
  for (let i = 1; i < weights.length; i++) {
    if (names[tree.nameIds[i]!] === 0) continue;
    const end = ends[i]!;
    for (let up = parents[i]!; up >= 0; up = parents[up]!) kept[up]! += weights[i]!;
    kept.set(weights.subarray(i, end), i);
    keptGaps.set(gaps.subarray(i + 1, end), i + 1);
    i = end - 1;
  }
  weights.set(kept);
  gaps.set(keptGaps);
}

/** First place in the row whose box is not before `box`. */
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

/** The box of a row at a place in units of weight; -1 where there is none. */
export function boxAt({ starts, weights, rows }: Layout, depth: number, at: number): number {
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
  return box !== undefined && at < starts[box]! + weights[box]! ? box : -1;
}
