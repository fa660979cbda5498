import type { TreeData } from '../src/picture/layout.ts';

/** The arrangement of boxes that the user chose. */
export interface Arrangement {
  /** Sort siblings by width, the widest first, instead of by name. */
  readonly byWidth: boolean;
  /** Draw a function and its direct recursive calls as one box. */
  readonly collapsed: boolean;
}

/** A box in the new tree. It represents one or more boxes in the old tree. */
interface Node {
  /** The first box in the old tree that this node represents. */
  readonly box: number;
  readonly depth: number;
  weight: number;
  dropped: number;
  weightBefore: number;
  droppedBefore: number;
  readonly children: Node[];
}

/** Returns a tree whose boxes are merged and sorted as requested. */
export function arrange(tree: TreeData, { byWidth, collapsed }: Arrangement): TreeData {
  if (!byWidth && !collapsed) return tree;
  const { names, nameIds, before } = tree;
  const compare = byWidth
    ? (a: Node, b: Node) => b.weight - a.weight || b.weightBefore - a.weightBefore || a.box - b.box
    : (a: Node, b: Node) => (names[nameIds[a.box]!]! < names[nameIds[b.box]!]! ? -1 : 1);
  const nodes: Node[] = [];
  const open = [rootOf(tree, collapsed)];
  for (let node = open.pop(); node; node = open.pop()) {
    nodes.push(node);
    // push the first child last, because the last node pushed is visited first
    for (const child of node.children.sort(compare).reverse()) open.push(child);
  }
  const column = (valueOf: (node: Node) => number): Float64Array => Float64Array.from(nodes, valueOf);
  const significantOf = (old: ArrayLike<number> | undefined): Float64Array | undefined =>
    old && column(({ box }) => old[box]!);
  return {
    ...tree,
    depths: Int32Array.from(nodes, ({ depth }) => depth),
    nameIds: column(({ box }) => nameIds[box]!),
    weights: column(({ weight }) => weight),
    gaps: new Float64Array(nodes.length),
    dropped: column(({ dropped }) => dropped),
    before: before && {
      ...before,
      weights: column(({ weightBefore }) => weightBefore),
      dropped: column(({ droppedBefore }) => droppedBefore),
      significant: collapsed ? undefined : significantOf(before.significant),
    },
    colorIds: tree.colorsBy === 'name' ? tree.colorIds : column(({ box }) => tree.colorIds[box]!),
  };
}

function rootOf({ depths, nameIds, weights, dropped, before }: TreeData, collapsed: boolean): Node {
  /** The node of the most recent box at each depth. */
  const path: Node[] = [];
  const childrenByName = new Map<Node, Map<number, Node>>();
  for (let box = 0; box < depths.length; box++) {
    const depth = depths[box]!;
    const name = nameIds[box]!;
    const caller = path[depth - 1];
    const isRecursion = collapsed && caller !== undefined && name === nameIds[caller.box];
    const known = collapsed && caller ? childrenByName.get(caller)?.get(name) : undefined;
    let node = isRecursion ? caller : known;
    if (!node) {
      node = {
        box,
        depth: caller ? caller.depth + 1 : 0,
        weight: 0,
        dropped: 0,
        weightBefore: 0,
        droppedBefore: 0,
        children: [],
      };
      caller?.children.push(node);
      if (caller && collapsed) {
        if (!childrenByName.has(caller)) childrenByName.set(caller, new Map());
        childrenByName.get(caller)!.set(name, node);
      }
    }
    // the outer call already counts the weight of the inner one
    if (!isRecursion) {
      node.weight += weights[box]!;
      node.weightBefore += before?.weights[box] ?? 0;
    }
    node.dropped += dropped[box]!;
    node.droppedBefore += before?.dropped[box] ?? 0;
    path[depth] = node;
  }
  return path[0]!;
}
