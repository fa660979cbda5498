import type { Layout } from '../src/picture/layout.ts';
import { selfsOf } from './folded.ts';

/** A function's weights. */
export interface FunctionSums {
  /** The number of the function's name. */
  readonly name: number;
  readonly self: number;
  readonly total: number;
  /** In a comparison, the function's 'before' weights, self and total; otherwise 0. */
  readonly selfBefore: number;
  readonly totalBefore: number;
}

/** Returns each function's weights, which are read from the file or, with filters, computed from the drawn boxes. */
export function functionsOf(layout: Layout, isFiltered: boolean): FunctionSums[] {
  const { tree, weights, before, ends, dropped, droppedBefore, parents } = layout;
  const names = isFiltered ? tree.names.length : tree.totals.length;
  const selfs = new Float64Array(names);
  const totals = new Float64Array(names);
  const selfsBefore = new Float64Array(names);
  const totalsBefore = new Float64Array(names);
  if (isFiltered) {
    const counted = new Int32Array(names);
    const own = selfsOf(weights, dropped, parents);
    const ownBefore = before && selfsOf(before, droppedBefore!, parents);
    for (let box = 1; box < weights.length; box++) {
      const name = tree.nameIds[box]!;
      selfs[name]! += own[box]!;
      selfsBefore[name]! += ownBefore?.[box] ?? 0;
      // an outer call of the same function already counts this weight
      if (box < counted[name]!) continue;
      totals[name]! += weights[box]!;
      totalsBefore[name]! += before?.[box] ?? 0;
      counted[name] = ends[box]!;
    }
  } else {
    selfs.set(tree.selfs);
    totals.set(tree.totals);
    selfsBefore.set(tree.before?.selfs ?? []);
    totalsBefore.set(tree.before?.totals ?? []);
  }
  const functions: FunctionSums[] = [];
  for (let name = 1; name < names; name++) {
    const [total, totalBefore] = [totals[name]!, totalsBefore[name]!];
    if (total + totalBefore > 0)
      functions.push({ name, self: selfs[name]!, total, selfBefore: selfsBefore[name]!, totalBefore });
  }
  return functions;
}

/** The boxes with the same name, and how much of each box's weight is counted. */
export interface Merged {
  readonly name: number;
  weight: number;
  /** In a comparison, the 'before' weight; otherwise 0. */
  before: number;
  readonly boxes: number[];
  readonly weights: number[];
  readonly befores: number[];
}

/** Returns the weight of a box, given its index in a list of boxes and its number. */
type Weights = (at: number, box: number) => number;

function nothingOf(name: number): Merged {
  return { name, weight: 0, before: 0, boxes: [], weights: [], befores: [] };
}

/** Merges boxes with the same name and returns the heaviest first. */
function merged({ tree }: Layout, boxes: Iterable<number>, weightOf: Weights, beforeOf: Weights): Merged[] {
  const byName = new Map<number, Merged>();
  let at = 0;
  for (const box of boxes) {
    const [weight, before] = [weightOf(at, box), beforeOf(at++, box)];
    if (box === 0 || !(weight > 0 || before > 0)) continue;
    const name = tree.nameIds[box]!;
    let found = byName.get(name);
    if (!found) byName.set(name, (found = nothingOf(name)));
    found.weight += weight;
    found.before += before;
    found.boxes.push(box);
    found.weights.push(weight);
    found.befores.push(before);
  }
  return [...byName.values()].sort((a, b) => b.weight - a.weight || b.before - a.before || a.name - b.name);
}

function mergedBoxes(layout: Layout, boxes: readonly number[]): Merged[] {
  const { weights, before } = layout;
  return merged(
    layout,
    boxes,
    (_, box) => weights[box]!,
    (_, box) => before?.[box] ?? 0,
  );
}

export function callersOf(layout: Layout, { boxes, weights, befores }: Merged): Merged[] {
  return merged(
    layout,
    boxes.map((box) => layout.parents[box]!),
    (at) => weights[at]!,
    (at) => befores[at]!,
  );
}

export function calleesOf(layout: Layout, { boxes }: Merged): Merged[] {
  const { ends } = layout;
  const children: number[] = [];
  for (const box of boxes)
    for (let child = box + 1; child < ends[box]!; child = ends[child]!) children.push(child);
  return mergedBoxes(layout, children);
}

/** Returns the outermost boxes with this name. */
export function callsOf(layout: Layout, name: number): Merged {
  const { tree, weights, ends } = layout;
  const boxes: number[] = [];
  for (let box = 1; box < weights.length; box++) {
    if (tree.nameIds[box] !== name) continue;
    boxes.push(box);
    box = ends[box]! - 1;
  }
  return mergedBoxes(layout, boxes)[0] ?? nothingOf(name);
}

/** Returns every function that is the leaf of a stack, as the first level of a tree of callers. */
export function endsOf(layout: Layout): Merged[] {
  const { weights, dropped, before, droppedBefore, parents } = layout;
  const selfs = selfsOf(weights, dropped, parents);
  const selfsBefore = before && selfsOf(before, droppedBefore!, parents);
  return merged(
    layout,
    selfs.keys(),
    (_, box) => selfs[box]!,
    (_, box) => selfsBefore?.[box] ?? 0,
  );
}
