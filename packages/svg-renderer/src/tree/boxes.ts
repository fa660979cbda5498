import type { NameDetails } from './name-details.ts';
import type { NameTotals } from './name-sums.ts';
import type { Names } from './names.ts';

/** The frames that can be drawn, callers first, siblings from left to right; one column for each property. */
export interface Boxes {
  /** Weight that the full width stands for: the sum, or more if the options say so. */
  readonly total: number;
  /** Sum of all weights. */
  readonly sum: number;
  /** The sum is beyond the integers that a double holds exactly. */
  readonly isInexact: boolean;
  /** The names of the boxes, each once, in box order. */
  readonly names: readonly string[];
  /** Details of each name. */
  readonly details: readonly NameDetails[];
  /** Index into `names`. */
  readonly nameIds: Int32Array;
  /** Level of each box; 0 next to the root box. */
  readonly depths: Int32Array;
  /** Weight to the left of each box. */
  readonly starts: Float64Array;
  /** Weight of each box. */
  readonly weights: Float64Array;
  /** Whether stacks have two weights. The picture shows the second; the next two fields are about the first. */
  readonly isComparison: boolean;
  readonly totalBefore: number;
  /** The same as `weights` if stacks have one weight. */
  readonly weightsBefore: Float64Array;
  /** Weight of the stacks that end in each box. */
  readonly selfs: Float64Array;
  /** Second weight minus first for the stacks that end in each box; absent if stacks have one weight. */
  readonly changes: Float64Array | undefined;
  /** Number of frames that are not drawn because they are too narrow or too many. */
  readonly dropped: number;
  /** Only the widest are kept, because there were more than `maxBoxes`. */
  readonly isLimited: boolean;
  /** Sums of each name, drawn or not; absent if levels were cut, because a cut level may hold any name. */
  readonly sums: NameTotals | undefined;
}

/** Numbers the names in box order. @param ids each box's number in `names` */
export function namesInUse(ids: Int32Array, names: Names): Pick<Boxes, 'names' | 'nameIds' | 'details'> {
  const nameIds = new Int32Array(ids.length);
  /** One more than the index of each name; 0 for names without a box. */
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
 * Converts boxes that come after their descendants to the order of {@link Boxes}. All callers of a box are drawn,
 * too. So a box is preceded by as many callers as its depth says, and by all boxes that ended before it began.
 */
export function callersFirst(depths: Int32Array): Int32Array {
  const order = new Int32Array(depths.length);
  /** Number of boxes at each depth, including descendants, since the last box one level above. */
  const sizes: number[] = [];
  for (const [index, depth] of depths.entries()) {
    const size = 1 + (sizes[depth + 1] ?? 0);
    sizes[depth + 1] = 0;
    sizes[depth] = (sizes[depth] ?? 0) + size;
    order[index - size + 1 + depth] = index;
  }
  return order;
}
