import { boxAt, type Layout } from '../src/picture/layout.ts';
import type { Place } from './call-tree.ts';
import type { State } from './state.ts';

/** Returns a box's position in px, given the width of all boxes together. */
export function placeOf({ starts, widths }: Layout, zoom: number, width: number, box: number): Place {
  if (box < zoom) return { x: 0, width };
  const scale = widths[zoom]! > 0 ? width / widths[zoom]! : 0;
  return { x: (starts[box]! - starts[zoom]!) * scale, width: widths[box]! * scale };
}

/**
 * Returns the box at a position in a row; -1 if there is no box. Rows are counted from the top. The position is a
 * fraction of the width (0 … 1).
 */
export function boxUnder(layout: Layout, { zoom, inverted }: State, row: number, share: number): number {
  const { rows, starts, widths, parents, tree } = layout;
  const depth = inverted ? row : rows.length - 1 - row;
  if (depth < tree.depths[zoom]!) {
    let above = zoom;
    while (above >= 0 && tree.depths[above]! > depth) above = parents[above]!;
    return above;
  }
  return boxAt(layout, depth, starts[zoom]! + share * widths[zoom]!);
}

/** Returns a box and its callers, root first. */
export function pathTo({ parents }: Layout, box: number): number[] {
  const path: number[] = [];
  for (let up = box; up >= 0; up = parents[up]!) path.unshift(up);
  return path;
}

/** Whether `box` is `other` or one of its descendants. */
export function isWithin(box: number, other: number, ends: Int32Array): boolean {
  return box >= other && box < ends[other]!;
}

/** Returns the outermost caller that is at most `most` times as wide as the box. */
export function widestAround({ parents, widths }: Layout, box: number, most: number): number {
  let around = box;
  while (around > 0 && widths[parents[around]!]! <= widths[box]! * most) around = parents[around]!;
  return around;
}
