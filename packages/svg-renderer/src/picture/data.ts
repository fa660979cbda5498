import type { ResolvedRendererOptions } from '../options.ts';
import type { Boxes } from '../tree/boxes.ts';
import type { TreeData } from './layout.ts';
import type { PaletteMap } from './palette-map.ts';
import { Colors, placeOf } from './palette.ts';

/** The boxes with the root before them, and their colours. */
export function treeData(
  boxes: Boxes,
  options: ResolvedRendererOptions,
): { readonly tree: TreeData; readonly colors: readonly string[] } {
  const names = ['all', ...boxes.names];
  const count = boxes.depths.length + 1;
  const nameIds = new Int32Array(count);
  const depths = new Int32Array(count);
  const weights = new Float64Array(count);
  const gaps = new Float64Array(count);
  weights[0] = boxes.total;
  // where the next child of each open level can begin
  const next = [0];
  for (let i = 1; i < count; i++) {
    const start = boxes.starts[i - 1]!;
    const weight = boxes.weights[i - 1]!;
    const depth = boxes.depths[i - 1]! + 1;
    nameIds[i] = boxes.nameIds[i - 1]! + 1;
    depths[i] = depth;
    weights[i] = weight;
    gaps[i] = gap(start - next[depth - 1]!, boxes.total);
    next[depth - 1] = start + weight;
    next[depth] = start;
  }
  const cut = Array.from(boxes.deepers.keys(), (box) => box + 1).filter((box) => boxes.deepers[box - 1]! > 0);
  const colors = new Colors(options.colors, options.palette);
  const byBox = colorEachBox(boxes, options, colors);
  const spread = options.hash ? 'hash' : 'name';
  const colorIds = byBox ?? names.map((name) => colors.of(name, placeOf(name, spread)));
  return {
    tree: { names, depths, nameIds, weights, gaps, cut, colorIds, colorsBy: byBox ? 'box' : 'name' },
    colors: colors.list,
  };
}

/** The palette map with these names added. */
export function namedColors(names: readonly string[], options: ResolvedRendererOptions): PaletteMap {
  const colors = new Colors(options.colors, options.palette);
  const spread = options.hash ? 'hash' : 'name';
  const ids = names.map((name) => colors.of(name, placeOf(name, spread)));
  const { list } = colors;
  return new Map([...(options.palette ?? []), ...names.map((name, i) => [name, list[ids[i]!]!] as const)]);
}

/** Sums of decimal counts leave gaps of rounding errors. */
function gap(weight: number, total: number): number {
  return Math.abs(weight) < total * 1e-12 ? 0 : weight;
}

/** Colours that are not the name's own: of a change, of the share, or of chance. */
function colorEachBox(boxes: Boxes, options: ResolvedRendererOptions, colors: Colors): number[] | undefined {
  const largest = boxes.changes.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
  if (largest > 0) {
    const sign = options.negate ? -1 : 1;
    return [
      colors.ofChange(0, largest),
      ...Array.from(boxes.changes, (change) => colors.ofChange(sign * change, largest)),
    ];
  }
  if (options.colordiffusion) {
    return [
      colors.ofShare(1),
      ...Array.from(boxes.weights, (weight) => colors.ofShare(weight / boxes.total)),
    ];
  }
  if (!options.random) return undefined;
  // a generator of Lehmer's: the same shades in each run
  let seed = 42;
  const chance = (): number => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
  return [
    colors.of('all', chance()),
    ...Array.from(boxes.nameIds, (id) => colors.of(boxes.names[id]!, chance())),
  ];
}
