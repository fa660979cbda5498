import { boxAt, type Layout } from '../src/picture/layout.ts';
import type { Place } from './call-tree.ts';
import type { State } from './state.ts';

/** Position of a box in px, if the boxes are `width` px wide. */
export function placeOf({ starts, widths }: Layout, zoom: number, width: number, box: number): Place {
  if (box < zoom) return { x: 0, width };
  const scale = widths[zoom]! > 0 ? width / widths[zoom]! : 0;
  return { x: (starts[box]! - starts[zoom]!) * scale, width: widths[box]! * scale };
}

/** The box in a row, counted from the top, at a share (0 … 1) of the width; -1 if there is no box. */
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

/** A box and its callers, the root first. */
export function pathTo({ parents }: Layout, box: number): number[] {
  const path: number[] = [];
  for (let up = box; up >= 0; up = parents[up]!) path.unshift(up);
  return path;
}

/** Whether a box is another box or one of its descendants. */
export function isWithin(box: number, other: number, ends: Int32Array): boolean {
  return box >= other && box < ends[other]!;
}

/** The outermost caller in which the box has a share of at least 1 / `most`. */
export function widestAround({ parents, widths }: Layout, box: number, most: number): number {
  let around = box;
  while (around > 0 && widths[parents[around]!]! <= widths[box]! * most) around = parents[around]!;
  return around;
}
