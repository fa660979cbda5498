import type { NameDetails } from './name-details.ts';
import type { NameTotals } from './name-sums.ts';
import type { Names } from './names.ts';

/** The frames that can be drawn, callers first, siblings from left to right; one column for each property. */
export interface Boxes {
  /** Sum of all weights, or what the picture is said to be part of. */
  readonly total: number;
  /** Sum of all weights. */
  readonly sum: number;
  /** The sum has left the whole numbers that are exact. */
  readonly isInexact: boolean;
  /** Each name that a box has, in the order of the boxes. */
  readonly names: readonly string[];
  /** What is known of each name beside its text. */
  readonly details: readonly NameDetails[];
  /** Index into `names`. */
  readonly nameIds: Int32Array;
  /** Level of each box, 0 for those next to the root box. */
  readonly depths: Int32Array;
  /** Weight left of each box. */
  readonly starts: Float64Array;
  /** Weight of each box. */
  readonly weights: Float64Array;
  /** Stacks have two weights. The picture shows the second; what follows is of the first. */
  readonly isComparison: boolean;
  readonly totalBefore: number;
  readonly weightsBefore: Float64Array;
  /** Weight of the stacks that end in each box. */
  readonly selfs: Float64Array;
  /** Second count minus first of the stacks that end in each box; all 0 where there is one count. */
  readonly changes: Float64Array;
  /** How many frames are too narrow to be drawn. */
  readonly dropped: number;
  /** Sums of each name, drawn or not; none where levels were cut, which may hold any name. */
  readonly sums: NameTotals | undefined;
}

/** Names by text, numbered in the order in which they are asked for. */
export function namesInUse(ids: Int32Array, names: Names): Pick<Boxes, 'names' | 'nameIds' | 'details'> {
  const nameIds = new Int32Array(ids.length);
  const byId: number[] = [];
  const byText = new Map<string, number>();
  const details: NameDetails[] = [];
  for (let box = 0; box < ids.length; box++) {
    const id = ids[box]!;
    let name = byId[id];
    if (name === undefined) {
      const text = names.text(id);
      name = byText.get(text) ?? byText.size;
      details[name] = names.details(id);
      byText.set(text, name);
      byId[id] = name;
    }
    nameIds[box] = name;
  }
  return { names: [...byText.keys()], nameIds, details };
}

/**
 * Where boxes, each after its descendants, stand in the order of {@link Boxes}. What is drawn has all its callers
 * drawn, so that before a box stand its callers, as many as it is deep, and all that ended before it began.
 */
export function callersFirst(depths: Int32Array): Int32Array {
  const order = new Int32Array(depths.length);
  /** Boxes that end at each depth, with their descendants, since the last one a level above. */
  const sizes: number[] = [];
  for (const [index, depth] of depths.entries()) {
    const size = 1 + (sizes[depth + 1] ?? 0);
    sizes[depth + 1] = 0;
    sizes[depth] = (sizes[depth] ?? 0) + size;
    order[index - size + 1 + depth] = index;
  }
  return order;
}
