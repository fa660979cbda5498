import type { Layout, LayoutFilter } from './layout.ts';

/**
 * Bounds on the weights that remain after filters. Filters cannot see frames that are not drawn, even if their
 * functions are among those that a filter hides or focuses on.
 */
export interface Bounds {
  /** Lower bound on each box's remaining weight. If the weights are exact, it is the same array as the weights. */
  readonly least: Float64Array;
  /** Upper bound on the total remaining weight. */
  readonly most: number;
  /**
   * For each box, the weight of undrawn callees that a focus filter removed although they may contain the function in
   * focus. Absent if there is no focus filter.
   */
  readonly doubts: Float64Array | undefined;
}

interface Columns {
  readonly parents: Int32Array;
  readonly ends: Int32Array;
  readonly weights: Float64Array;
  readonly dropped: Float64Array;
}

/**
 * @param given weight of each box's undrawn callees before the filters were applied
 * @param columns the state after the filters were applied
 */
export function boundsOf(
  given: Float64Array,
  nameIds: ArrayLike<number>,
  filters: readonly LayoutFilter[],
  columns: Columns,
): Bounds {
  const { weights, dropped, parents, ends } = columns;
  if (filters.length === 0 || !given.some((weight) => weight > 0))
    return { least: weights, most: weights[0]!, doubts: undefined };
  const hides = filters.filter(({ kind }) => kind === 'hide');
  const least = hides.length > 0 ? withoutDropped(columns) : weights;
  if (hides.length === filters.length) return { least, most: weights[0]!, doubts: undefined };
  const doubts = new Float64Array(given);
  for (const { names } of hides)
    for (let box = 1; box < doubts.length; box++)
      if (names[nameIds[box]!] === 1) doubts.fill(0, box, ends[box]);
  for (let box = 0; box < doubts.length; box++) doubts[box]! -= dropped[box]!;
  return { least, most: weights[0]! + doubts.reduce((sum, weight) => sum + weight, 0), doubts };
  function withoutDropped({ weights, dropped }: Columns): Float64Array {
    const below = new Float64Array(dropped);
    for (let box = below.length - 1; box > 0; box--) below[parents[box]!]! += below[box]!;
    return weights.map((weight, box) => weight - below[box]!);
  }
}

/** Returns an upper bound on a box's remaining weight. */
export function mostOf({ weights, bounds, ends }: Layout, box: number): number {
  const { most, doubts } = bounds;
  if (box === 0) return most;
  const doubted = doubts?.subarray(box, ends[box]).reduce((sum, weight) => sum + weight, 0) ?? 0;
  return weights[box]! + doubted;
}

/** Returns the layout with lower bounds as weights. Sums of these weights are also lower bounds. */
export function lowerBounds(layout: Layout): Layout {
  const { weights, dropped, before, droppedBefore, bounds, boundsBefore } = layout;
  const droppedIn = (least: Float64Array, all: Float64Array, known: Float64Array): Float64Array =>
    least === all ? known : new Float64Array(known.length);
  return {
    ...layout,
    weights: bounds.least,
    dropped: droppedIn(bounds.least, weights, dropped),
    before: boundsBefore?.least,
    droppedBefore: boundsBefore && droppedIn(boundsBefore.least, before!, droppedBefore!),
  };
}

/** Returns `≥ ` if the filters cannot see all of the weight, otherwise an empty string. */
export function boundSign({ least, most, doubts }: Bounds, weights: Float64Array): '' | '≥ ' {
  return least === weights && (doubts === undefined || most === weights[0]) ? '' : '≥ ';
}
