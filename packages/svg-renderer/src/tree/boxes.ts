/** The frames that can be drawn, callers first, siblings from left to right; one column for each property. */
export interface Boxes {
  /** Sum of all weights, or what the picture is said to be part of. */
  readonly total: number;
  /** Each name that a box has, in the order of the boxes. */
  readonly names: readonly string[];
  /** Index into `names`. */
  readonly nameIds: Int32Array;
  /** Level of each box, 0 for those next to the root box. */
  readonly depths: Int32Array;
  /** Weight left of each box. */
  readonly starts: Float64Array;
  /** Weight of each box. */
  readonly weights: Float64Array;
  /** Weight of the stacks that end in each box. */
  readonly selfs: Float64Array;
  /** Second count minus first of the stacks that end in each box; all 0 where there is one count. */
  readonly changes: Float64Array;
  /** How many frames are too narrow to be drawn. */
  readonly dropped: number;
}

/** A box before it has its place. */
export interface Box {
  readonly depth: number;
  readonly start: number;
  readonly weight: number;
  readonly self: number;
  readonly change: number;
}

/**
 * Puts boxes, each after its descendants, into the order of {@link Boxes}: what is drawn has all its callers
 * drawn, so that before a box stand its callers, as many as it is deep, and all that ended before it began.
 */
export function boxesInOrder(
  count: number,
  boxAt: (index: number) => Box,
  nameAt: (index: number) => string,
  { total, dropped }: Pick<Boxes, 'total' | 'dropped'>,
): Boxes {
  const order = new Int32Array(count);
  /** Boxes that end at each depth, with their descendants, since the last one a level above. */
  const sizes: number[] = [];
  for (let index = 0; index < count; index++) {
    const { depth } = boxAt(index);
    const size = 1 + (sizes[depth + 1] ?? 0);
    sizes[depth + 1] = 0;
    sizes[depth] = (sizes[depth] ?? 0) + size;
    order[index - size + 1 + depth] = index;
  }
  const boxes = {
    nameIds: new Int32Array(count),
    depths: new Int32Array(count),
    starts: new Float64Array(count),
    weights: new Float64Array(count),
    selfs: new Float64Array(count),
    changes: new Float64Array(count),
  };
  const names = new Map<string, number>();
  for (let place = 0; place < count; place++) {
    const index = order[place]!;
    const { depth, start, weight, self, change } = boxAt(index);
    const name = nameAt(index);
    let id = names.get(name);
    if (id === undefined) names.set(name, (id = names.size));
    boxes.nameIds[place] = id;
    boxes.depths[place] = depth;
    boxes.starts[place] = start;
    boxes.weights[place] = weight;
    boxes.selfs[place] = self;
    boxes.changes[place] = change;
  }
  return { total, names: [...names.keys()], ...boxes, dropped };
}
