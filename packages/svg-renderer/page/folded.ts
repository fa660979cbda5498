import type { Look } from '../src/picture/draw.ts';
import type { Layout } from '../src/picture/layout.ts';
import { isWithin, pathTo } from './geometry.ts';

/** Label of the frame that represents all boxes too narrow to be drawn. */
const NOT_DRAWN = '[not drawn]';
/** Number of significant digits in printed weights. It is small enough to hide rounding errors in sums. */
const DIGITS = 12;

/** Returns the zoomed part as folded text. In a comparison, each stack has both counts. */
export function foldedText(layout: Layout, { countname }: Look, zoom: number): string {
  const { tree, weights, before, dropped, droppedBefore, parents, ends } = layout;
  const selfs = selfsOf(weights, dropped, parents);
  const selfsBefore = before && selfsOf(before, droppedBefore!, parents);
  let text = countname === 'samples' ? '' : `# stapflame unit=${encodeURIComponent(countname)}\n`;
  const add = (stack: readonly string[], after: number, old: number | undefined): void => {
    const counts = [...(old === undefined ? [] : [old]), after].map((weight) =>
      Math.max(0, Number(weight.toPrecision(DIGITS))),
    );
    if (stack.length > 0 && counts.some((each) => each > 0))
      text += `${stack.join(';')} ${counts.join(' ')}\n`;
  };
  const stack = pathTo(layout, zoom)
    .slice(1)
    .map((box) => tree.names[tree.nameIds[box]!]!);
  for (let box = zoom; isWithin(box, zoom, ends); box++) {
    const depth = tree.depths[box]!;
    stack.length = Math.max(0, depth - 1);
    if (depth > 0) stack.push(tree.names[tree.nameIds[box]!]!);
    add(stack, selfs[box]!, selfsBefore?.[box]);
    add([...stack, NOT_DRAWN], dropped[box]!, droppedBefore?.[box]);
  }
  return text;
}

/** Returns the weight of the stacks that end in each box. */
export function selfsOf(weights: Float64Array, dropped: Float64Array, parents: Int32Array): Float64Array {
  const selfs = weights.map((weight, box) => weight - dropped[box]!);
  for (let box = 1; box < selfs.length; box++) selfs[parents[box]!]! -= weights[box]!;
  return selfs;
}
