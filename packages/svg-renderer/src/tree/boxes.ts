import type { NameDetails } from './name-details.ts';
import type { NameTotals } from './name-sums.ts';
import type { Names } from './names.ts';

/** The frames that can be drawn: a column for each property, callers before callees, siblings from left to right. */
export interface Boxes {
  /** Weight represented by the full width: the sum, or more if an option sets it. */
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
  /** Whether stacks have two weights, before and after. The picture shows the weights after. */
  readonly isComparison: boolean;
  /** Sum of all weights before. */
  readonly totalBefore: number;
  /** Weight of each box before; the same as `weights` if stacks have one weight. */
  readonly weightsBefore: Float64Array;
  /** Weight of the stacks that end in each box. */
  readonly selfs: Float64Array;
  /** For the stacks that end in each box: weight after minus weight before. Absent if stacks have only one weight. */
  readonly changes: Float64Array | undefined;
  /** Number of frames not drawn because they are too narrow or exceed `maxBoxes`. */
  readonly dropped: number;
  /** Whether only the widest boxes were kept, because there were more than `maxBoxes`. */
  readonly isLimited: boolean;
  /** Sums for each name, drawn or not; absent if levels were left out, because those may contain any name. */
  readonly sums: NameTotals | undefined;
}

/** Numbers the names in use, in box order. @param ids for each box, the number of its name in `names` */
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
 * Given boxes ordered with callees before callers, returns the order with callers before callees. All callers of a box
 * are drawn. A box therefore comes after as many callers as its depth, and after all boxes that end before it starts.
 */
export function callersFirst(depths: Int32Array): Int32Array {
  const order = new Int32Array(depths.length);
  /** For each depth, the number of boxes and descendants since the last box that is one level closer to the root. */
  const sizes: number[] = [];
  for (const [index, depth] of depths.entries()) {
    const size = 1 + (sizes[depth + 1] ?? 0);
    sizes[depth + 1] = 0;
    sizes[depth] = (sizes[depth] ?? 0) + size;
    order[index - size + 1 + depth] = index;
  }
  return order;
}
