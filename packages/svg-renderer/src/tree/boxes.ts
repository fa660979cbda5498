import type { NameDetails } from './name-details.ts';
import type { NameTotals } from './name-sums.ts';
import type { Names } from './names.ts';

/** The frames that can be drawn: a column for each property, callers before callees, siblings from left to right. */
export interface Boxes {
  /** Weight represented by the full width: the sum, or a larger weight if an option sets one. */
  readonly total: number;
  /** Sum of all weights. */
  readonly sum: number;
  /** Whether the sum is too large for a double to represent exactly. */
  readonly isInexact: boolean;
  /** The distinct names of the boxes, in box order. */
  readonly names: readonly string[];
  /** The details of each name. */
  readonly details: readonly NameDetails[];
  /** Index into `names`. */
  readonly nameIds: Int32Array;
  /** Level of each box; callees of the root box have level 0. */
  readonly depths: Int32Array;
  /** Weight to the left of each box. */
  readonly starts: Float64Array;
  /** Weight of each box. */
  readonly weights: Float64Array;
  /** Whether each stack has two weights, 'before' and 'after'. The picture shows the 'after' weights. */
  readonly isComparison: boolean;
  /** Sum of all 'before' weights. */
  readonly totalBefore: number;
  /** The 'before' weight of each box; the same as `weights` if stacks have only one weight. */
  readonly weightsBefore: Float64Array;
  /** For each box, the weight of the stacks that end in it. */
  readonly selfs: Float64Array;
  /**
   * For the stacks that end in each box: the 'after' weight minus the 'before' weight. Absent if stacks have only one
   * weight.
   */
  readonly changes: Float64Array | undefined;
  /** Number of frames not drawn because they are too narrow or because there are more than `maxBoxes`. */
  readonly dropped: number;
  /** Whether only the widest boxes were kept, because there were more than `maxBoxes`. */
  readonly isLimited: boolean;
  /**
   * The sums for each name, whether drawn or not; absent if levels were left out, because these may contain any name.
   */
  readonly sums: NameTotals | undefined;
}

/** Gives new numbers to the names in use, in box order. @param ids for each box, the number of its name in `names` */
export function namesInUse(ids: Int32Array, names: Names): Pick<Boxes, 'names' | 'nameIds' | 'details'> {
  const nameIds = new Int32Array(ids.length);
  /** For each name, its index in `texts` plus one; 0 for names without a box. */
  const places = new Int32Array(names.size);
  const texts: string[] = [];
  const details: NameDetails[] = [];
  for (let box = 0; box < ids.length; box++) {
    const id = ids[box]!;
    if (places[id] === 0) {
      places[id] = texts.push(names.label(id));
      details.push(names.details(id));
    }
    nameIds[box] = places[id]! - 1;
  }
  return { names: texts, nameIds, details };
}

/**
 * Given the depths of boxes that are ordered with callees before callers, returns the indexes of the boxes in the order
 * with callers before callees. All callers of a box are drawn. In the new order, a box therefore comes after as many
 * callers as its depth, and after all boxes that end before it starts.
 */
export function callersFirst(depths: Int32Array): Int32Array {
  const order = new Int32Array(depths.length);
  /**
   * For each depth, the number of boxes, including their descendants, since the last box one level closer to the root.
   */
  const sizes: number[] = [];
  for (const [index, depth] of depths.entries()) {
    const size = 1 + (sizes[depth + 1] ?? 0);
    sizes[depth + 1] = 0;
    sizes[depth] = (sizes[depth] ?? 0) + size;
    order[index - size + 1 + depth] = index;
  }
  return order;
}
