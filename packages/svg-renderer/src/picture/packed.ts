import type { Before, TreeData } from './layout.ts';

/**
 * The tree as stored in the file. Most boxes are callees of the box before them and touch their left neighbour, so
 * these columns store only exceptions:
 *
 *     falls   how many levels closer to the root a box is than a callee of the box before it would be
 *     gaps, dropped   pairs: distance from the previous pair's box, and the weight at this box
 */
export interface PackedTree extends Omit<
  TreeData,
  'nameIds' | 'weights' | 'depths' | 'gaps' | 'dropped' | 'before'
> {
  readonly nameIds: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly falls: ArrayLike<number>;
  readonly gaps: readonly number[];
  readonly dropped: readonly number[];
  readonly before?: (Omit<Before, 'dropped'> & { readonly dropped: readonly number[] }) | undefined;
}

export function packTree({ nameIds, weights, depths, gaps, dropped, before, ...tree }: TreeData): PackedTree {
  const falls = new Int32Array(depths.length);
  for (let i = 1; i < depths.length; i++) falls[i] = depths[i - 1]! + 1 - depths[i]!;
  return {
    ...tree,
    nameIds,
    weights,
    falls,
    gaps: pairsOf(gaps),
    dropped: pairsOf(dropped),
    ...(before && { before: { ...before, dropped: pairsOf(before.dropped) } }),
  };
}

export function unpackTree({ falls, gaps, dropped, before, ...tree }: PackedTree): TreeData {
  const depths = new Int32Array(falls.length);
  for (let i = 0, depth = -1; i < depths.length; i++) depths[i] = depth += 1 - falls[i]!;
  return {
    ...tree,
    depths,
    gaps: columnOf(gaps, falls.length),
    dropped: columnOf(dropped, falls.length),
    ...(before && { before: { ...before, dropped: columnOf(before.dropped, falls.length) } }),
  };
}

function pairsOf(column: Float64Array): number[] {
  const pairs: number[] = [];
  let last = 0;
  for (let i = 0; i < column.length; i++) {
    if (column[i] === 0) continue;
    pairs.push(i - last, column[i]!);
    last = i;
  }
  return pairs;
}

function columnOf(pairs: readonly number[], length: number): Float64Array {
  const column = new Float64Array(length);
  for (let i = 0, box = 0; i < pairs.length; i += 2) column[(box += pairs[i]!)] = pairs[i + 1]!;
  return column;
}
