import type { Layout } from '../src/picture/layout.ts';
import { selfsOf } from './folded.ts';

/** The sums of a function. */
export interface FunctionSums {
  /** The number of its name. */
  readonly name: number;
  readonly self: number;
  readonly total: number;
  /** Its total in the first of two weights. */
  readonly before: number;
}

/** Self and total of each function. The file holds them; with filters they are computed from what is drawn. */
export function functionsOf(layout: Layout, isFiltered: boolean): FunctionSums[] {
  const { tree, weights, before, ends, dropped, parents } = layout;
  const names = isFiltered ? tree.names.length : tree.totals.length;
  const selfs = new Float64Array(names);
  const totals = new Float64Array(names);
  const befores = new Float64Array(names);
  if (isFiltered) {
    const counted = new Int32Array(names);
    const own = selfsOf(weights, dropped, parents);
    for (let box = 1; box < weights.length; box++) {
      const name = tree.nameIds[box]!;
      selfs[name]! += own[box]!;
      // an outer call of the same function already counts this weight
      if (box < counted[name]!) continue;
      totals[name]! += weights[box]!;
      befores[name]! += before?.[box] ?? 0;
      counted[name] = ends[box]!;
    }
  } else {
    selfs.set(tree.selfs);
    totals.set(tree.totals);
    befores.set(tree.before?.totals ?? []);
  }
  const functions: FunctionSums[] = [];
  for (let name = 1; name < names; name++) {
    const total = totals[name]!;
    if (total + befores[name]! > 0)
      functions.push({ name, self: selfs[name]!, total, before: befores[name]! });
  }
  return functions;
}

/** Boxes of one name, and how much weight of each counts. */
export interface Merged {
  readonly name: number;
  weight: number;
  readonly boxes: number[];
  readonly weights: number[];
}

/** Merges boxes of the same name, the heaviest first. */
function merged(
  { tree }: Layout,
  boxes: Iterable<number>,
  weightOf: (at: number, box: number) => number,
): Merged[] {
  const byName = new Map<number, Merged>();
  let at = 0;
  for (const box of boxes) {
    const weight = weightOf(at++, box);
    if (box === 0 || !(weight > 0)) continue;
    const name = tree.nameIds[box]!;
    let found = byName.get(name);
    if (!found) byName.set(name, (found = { name, weight: 0, boxes: [], weights: [] }));
    found.weight += weight;
    found.boxes.push(box);
    found.weights.push(weight);
  }
  return [...byName.values()].sort((a, b) => b.weight - a.weight || a.name - b.name);
}

export function callersOf(layout: Layout, { boxes, weights }: Merged): Merged[] {
  return merged(
    layout,
    boxes.map((box) => layout.parents[box]!),
    (at) => weights[at]!,
  );
}

export function calleesOf(layout: Layout, { boxes }: Merged): Merged[] {
  const { ends, weights } = layout;
  const children: number[] = [];
  for (const box of boxes)
    for (let child = box + 1; child < ends[box]!; child = ends[child]!) children.push(child);
  return merged(layout, children, (_, box) => weights[box]!);
}

/** The outermost boxes of a name. */
export function callsOf(layout: Layout, name: number): Merged {
  const { tree, weights, ends } = layout;
  const boxes: number[] = [];
  for (let box = 1; box < weights.length; box++) {
    if (tree.nameIds[box] !== name) continue;
    boxes.push(box);
    box = ends[box]! - 1;
  }
  return merged(layout, boxes, (_, box) => weights[box]!)[0] ?? { name, weight: 0, boxes, weights: [] };
}

/** Every function in which stacks end, for a tree of their callers. */
export function endsOf(layout: Layout): Merged[] {
  const selfs = selfsOf(layout.weights, layout.dropped, layout.parents);
  return merged(layout, selfs.keys(), (box) => selfs[box]!);
}
