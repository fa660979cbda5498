import type { ResolvedRendererOptions } from '../options.ts';
import type { Boxes } from '../tree/boxes.ts';
import type { TreeData } from './layout.ts';
import { Colors, placeOf } from './palette.ts';

/** The boxes in pre-order with the root first, and their colours. */
export function treeData(
  boxes: Boxes,
  options: ResolvedRendererOptions,
): { readonly tree: TreeData; readonly colors: readonly string[] } {
  const order = Array.from(boxes.names.keys()).sort(
    (a, b) => boxes.starts[a]! - boxes.starts[b]! || boxes.depths[a]! - boxes.depths[b]!,
  );
  const names = new Map([['all', 0]]);
  const nameIds = [0];
  const depths = [0];
  const weights = [boxes.total];
  const gaps = [0];
  // where the next child of each open level can begin
  const next = [0];
  for (const box of order) {
    const depth = boxes.depths[box]! + 1;
    const name = boxes.names[box]!;
    const id = names.get(name) ?? names.size;
    names.set(name, id);
    nameIds.push(id);
    depths.push(depth);
    weights.push(boxes.weights[box]!);
    gaps.push(gap(boxes.starts[box]! - next[depth - 1]!, boxes.total));
    next[depth - 1] = boxes.starts[box]! + boxes.weights[box]!;
    next[depth] = boxes.starts[box]!;
  }
  const colors = new Colors(options.colors);
  const byBox = colorEachBox(boxes, order, options, colors);
  const spread = options.hash ? 'hash' : 'name';
  const colorIds = byBox ?? Array.from(names.keys(), (name) => colors.of(name, placeOf(name, spread)));
  return {
    tree: {
      names: [...names.keys()],
      depths,
      nameIds,
      weights,
      gaps,
      colorIds,
      colorsBy: byBox ? 'box' : 'name',
    },
    colors: colors.list,
  };
}

/** Sums of decimal counts leave gaps of rounding errors. */
function gap(weight: number, total: number): number {
  return Math.abs(weight) < total * 1e-12 ? 0 : weight;
}

/** Colours that are not the name's own: of a change, of the share, or of chance. */
function colorEachBox(
  boxes: Boxes,
  order: readonly number[],
  options: ResolvedRendererOptions,
  colors: Colors,
): number[] | undefined {
  const largest = boxes.changes.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
  if (largest > 0) {
    const sign = options.negate ? -1 : 1;
    return [
      colors.ofChange(0, largest),
      ...order.map((box) => colors.ofChange(sign * boxes.changes[box]!, largest)),
    ];
  }
  if (options.colordiffusion) {
    return [colors.ofShare(1), ...order.map((box) => colors.ofShare(boxes.weights[box]! / boxes.total))];
  }
  if (!options.random) return undefined;
  // a generator of Lehmer's: the same shades in each run
  let seed = 42;
  const chance = (): number => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
  return [colors.of('all', chance()), ...order.map((box) => colors.of(boxes.names[box]!, chance()))];
}
