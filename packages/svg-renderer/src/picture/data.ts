import type { ResolvedRendererOptions } from '../options.ts';
import type { Boxes } from '../tree/boxes.ts';
import type { NameTotals } from '../tree/name-sums.ts';
import { detailColumns } from './details.ts';
import type { KeyEntry } from './key-line.ts';
import { KEY_OF_SHARES, keyOfChanges, keyOfKinds } from './key.ts';
import type { Before, TreeData } from './layout.ts';
import type { PaletteMap } from './palette-map.ts';
import { Colors, placeOf } from './palette.ts';
import { significanceOf, type Significance, type TestFunctions } from './significance.ts';

/** The tree of boxes with its colours, and the key to the colours. */
export interface Painted {
  readonly tree: TreeData;
  readonly colors: readonly string[];
  readonly key: readonly KeyEntry[];
}

/** Maximum number of names whose sums are stored in the file. The largest sums are stored. */
const MOST_KEPT = 4000;
/**
 * Maximum number of characters that names without a box may add to a file: a constant, plus some for each box. This
 * keeps small pictures small.
 */
const UNDRAWN_TEXT = 1024;
const UNDRAWN_TEXT_PER_BOX = 16;
/** Number of characters that the numbers for one name without a box add to a file. */
const FIGURES_TEXT = 20;

/** Adds the root box, sums, details and colours to the boxes. */
export function treeData(boxes: Boxes, options: ResolvedRendererOptions): Painted {
  const kept = keptSums(boxes);
  const names = ['all', ...kept.names];
  const ids = new Map(kept.names.map((name, i) => [name, i + 1]));
  const idOf = boxes.names.map((name) => ids.get(name) ?? names.push(name) - 1);
  const count = boxes.depths.length + 1;
  const nameIds = new Int32Array(count);
  const depths = new Int32Array(count);
  const weights = new Float64Array(count);
  const gaps = new Float64Array(count);
  weights[0] = boxes.total;
  // for each open level, the position where the next child can start
  const next = [0];
  for (let i = 1; i < count; i++) {
    const start = boxes.starts[i - 1]!;
    const weight = boxes.weights[i - 1]!;
    const depth = boxes.depths[i - 1]! + 1;
    nameIds[i] = idOf[boxes.nameIds[i - 1]!]!;
    depths[i] = depth;
    weights[i] = weight;
    gaps[i] = withoutError(start - next[depth - 1]!, boxes.total);
    next[depth - 1] = start + weight;
    next[depth] = start;
  }
  const colors = new Colors(options.colors, options.palette);
  const significance = significanceOf(boxes, options.testBoxes);
  const byBox = colorEachBox(boxes, options, colors, significance);
  const spread = options.hash ? 'hash' : 'name';
  const colorIds = byBox ?? names.map((name) => colors.of(name, placeOf(name, spread)));
  const weightsBefore = boxes.isComparison ? [boxes.totalBefore, ...boxes.weightsBefore] : [];
  const tree: TreeData = {
    names,
    selfs: [0, ...kept.selfs],
    totals: [boxes.total, ...kept.totals],
    others: kept.others,
    details: detailColumns(boxes, idOf, options.details),
    depths,
    nameIds,
    weights,
    gaps,
    dropped: droppedOn(boxes.selfs, boxes.sum, depths, weights),
    ...(boxes.isComparison && {
      before: {
        weights: weightsBefore,
        dropped: droppedOn(
          boxes.selfs.map((self, i) => self - boxes.changes![i]!),
          boxes.totalBefore,
          depths,
          weightsBefore,
        ),
        selfs: [0, ...kept.selfsBefore],
        totals: [boxes.totalBefore, ...kept.totalsBefore],
        exposures: typeof options.compareBy === 'string' ? undefined : options.compareBy,
        reach: options.reach,
        changed: options.testFunctions && changedOf(kept.names, options.testFunctions),
        significant: significance && [0, ...significance.weights],
      },
    }),
    colorIds,
    colorsBy: byBox ? 'box' : 'name',
  };
  return { tree, colors: colors.list, key: keyOf(boxes, options, colors, significance) };
}

/** Returns the largest sums, which are stored in the file. */
function keptSums({ sums, names, depths }: Boxes): Pick<NameTotals, 'names' | 'others'> & {
  readonly selfs: readonly number[];
  readonly totals: readonly number[];
  readonly selfsBefore: readonly number[];
  readonly totalsBefore: readonly number[];
} {
  if (!sums) return { names: [], selfs: [], totals: [], selfsBefore: [], totalsBefore: [], others: 0 };
  const largest = new Set(sums.names.slice(0, MOST_KEPT));
  const drawn = new Set(names.filter((name) => largest.has(name)));
  let room = UNDRAWN_TEXT + UNDRAWN_TEXT_PER_BOX * depths.length;
  let count = 0;
  for (; count < sums.names.length && count < MOST_KEPT; count++) {
    const name = sums.names[count]!;
    if (!drawn.has(name)) room -= name.length + FIGURES_TEXT;
    if (room < 0) break;
  }
  return {
    names: sums.names.slice(0, count),
    selfs: Array.from(sums.selfs.subarray(0, count)),
    totals: Array.from(sums.totals.subarray(0, count)),
    selfsBefore: Array.from(sums.before?.selfs.subarray(0, count) ?? []),
    totalsBefore: Array.from(sums.before?.totals.subarray(0, count) ?? []),
    others: sums.others + sums.names.length - count,
  };
}

/** Returns the numbers of names with a significant difference. They start at 1, because the root has number 0. */
function changedOf(names: readonly string[], test: TestFunctions): NonNullable<Before['changed']> {
  const selfs: number[] = [];
  const totals: number[] = [];
  for (const [i, name] of names.entries()) {
    const { self = false, total = false } = test(name) ?? {};
    if (self) selfs.push(i + 1);
    if (total) totals.push(i + 1);
  }
  return { selfs, totals };
}

/** Returns the weight of each box's callees that are too narrow to be drawn. */
function droppedOn(
  selfs: Float64Array,
  sum: number,
  depths: Int32Array,
  weights: ArrayLike<number>,
): Float64Array {
  const dropped = new Float64Array(depths.length);
  const open: number[] = [];
  for (let i = 0; i < depths.length; i++) {
    const depth = depths[i]!;
    open[depth] = i;
    dropped[i] = i === 0 ? sum : weights[i]! - selfs[i - 1]!;
    if (depth > 0) dropped[open[depth - 1]!]! -= weights[i]!;
  }
  for (let i = 0; i < dropped.length; i++) dropped[i] = withoutError(dropped[i]!, sum);
  return dropped;
}

/** Returns the palette map with these names added. */
export function namedColors(
  names: readonly string[],
  options: Pick<ResolvedRendererOptions, 'colors' | 'hash'>,
  palette: PaletteMap,
): PaletteMap {
  const colors = new Colors(options.colors, palette);
  const spread = options.hash ? 'hash' : 'name';
  const ids = names.map((name) => colors.of(name, placeOf(name, spread)));
  const { list } = colors;
  return new Map([...palette, ...names.map((name, i) => [name, list[ids[i]!]!] as const)]);
}

/** Removes rounding errors from a difference of decimal sums. */
function withoutError(weight: number, total: number): number {
  if (Number.isInteger(weight)) return weight;
  return Math.abs(weight) < total * 1e-12 ? 0 : Number(weight.toPrecision(12));
}

function keyOf(
  boxes: Boxes,
  options: ResolvedRendererOptions,
  used: Colors,
  significance: Significance | undefined,
): readonly KeyEntry[] {
  const { negate, colordiffusion, colors, colorChance } = options;
  if (changesOf(boxes, options))
    return keyOfChanges(negate ? -1 : 1, significance && !colorChance ? 'not significant' : 'as before');
  return colordiffusion ? KEY_OF_SHARES : keyOfKinds(colors, used.ramps);
}

/**
 * Returns the change in each box's self weight, on the scale of the 'after' weights; `undefined` if nothing changed.
 */
function changesOf(
  { selfs, changes, totalBefore, sum }: Boxes,
  { compareBy }: ResolvedRendererOptions,
): Float64Array | undefined {
  if (!changes) return undefined;
  const [before, after] =
    compareBy === 'totals' ? [totalBefore, sum] : compareBy === 'counts' ? [1, 1] : compareBy;
  const scale = before > 0 && after > 0 ? after / before : 1;
  const scaled =
    scale === 1
      ? changes
      : changes.map((change, box) => withoutError(selfs[box]! - (selfs[box]! - change) * scale, sum));
  return scaled.some((change) => change !== 0) ? scaled : undefined;
}

/** Returns a colour for each box if colours do not depend on the name alone: by change, by share, or at random. */
function colorEachBox(
  boxes: Boxes,
  options: ResolvedRendererOptions,
  colors: Colors,
  significance: Significance | undefined,
): number[] | undefined {
  const all = changesOf(boxes, options);
  if (all) {
    const greys = options.colorChance ? undefined : significance?.selfs;
    const changes = all.map((change, box) => (greys?.[box] === 0 ? 0 : change));
    const largest = changes.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
    const sign = options.negate ? -1 : 1;
    return [
      colors.ofChange(0, largest),
      ...Array.from(changes, (change) => colors.ofChange(sign * change, largest)),
    ];
  }
  if (options.colordiffusion) {
    return [
      colors.ofShare(1),
      ...Array.from(boxes.weights, (weight) => colors.ofShare(weight / boxes.total)),
    ];
  }
  if (!options.random) return undefined;
  // a Lehmer generator, which returns the same sequence of shades each time
  let seed = 42;
  const chance = (): number => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
  return [
    colors.of('all', chance()),
    ...Array.from(boxes.nameIds, (id) => colors.of(boxes.names[id]!, chance())),
  ];
}
