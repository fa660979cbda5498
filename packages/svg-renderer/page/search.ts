import { mostOf } from '../src/picture/bounds.ts';
import { withoutAnnotation } from '../src/picture/draw.ts';
import type { Layout } from '../src/picture/layout.ts';
import { ExpressionError, parseExpression } from './expression.ts';

/** The result of a search. */
export interface Found {
  /** Contains 1 for each name that matches. */
  readonly names: Uint8Array;
  /** All boxes with these names, callers before callees. */
  readonly boxes: readonly number[];
}

/**
 * Returns an array with 1 for each name that matches, or an error. Each name is tested once, not once for each of its
 * boxes.
 */
export function matchingNames(
  names: readonly string[],
  expression: string,
  matchCase: boolean,
): Uint8Array | ExpressionError {
  try {
    const matches = parseExpression(expression, matchCase);
    return Uint8Array.from(names, (name, id) => (id > 0 && matches(withoutAnnotation(name)) ? 1 : 0));
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

/** The picture's search, with its matches and the match that the user has stepped to. */
export class Search {
  found: Found | undefined;
  /** Why the expression is invalid; empty if it is valid. */
  error = '';
  /** The box that the user has stepped to; -1 before the first step. */
  match = -1;

  run(layout: Layout, expression: string, matchCase: boolean): void {
    const names = expression === '' ? undefined : matchingNames(layout.tree.names, expression, matchCase);
    const failed = names instanceof ExpressionError;
    this.error = failed ? names.message : '';
    this.found = failed || !names ? undefined : find(layout, names);
    this.match = -1;
  }

  /** Steps to the next or previous match and returns its box; -1 if there is no match. */
  step(by: 1 | -1): number {
    const boxes = this.found?.boxes ?? [];
    const at = this.match < 0 && by < 0 ? 0 : boxes.indexOf(this.match);
    this.match = boxes[(at + by + boxes.length) % boxes.length] ?? -1;
    return this.match;
  }
}

function find({ tree, widths }: Layout, names: Uint8Array): Found {
  const boxes: number[] = [];
  for (let box = 0; box < widths.length; box++) {
    if (names[tree.nameIds[box]!] === 1 && widths[box]! > 0) boxes.push(box);
  }
  return { names, boxes };
}

/**
 * The combined weight of some names, out of a total of `of`. `undrawn` is weight that is not drawn and may belong to
 * these names, so their true weight is at most `weight + undrawn`.
 */
export interface Share {
  readonly weight: number;
  readonly undrawn: number;
  readonly of: number;
}

/** Returns the weight of these names within a box. Nested calls are counted once. */
export function weightOf(layout: Layout, names: Uint8Array, within: number): Share {
  const { tree, weights, dropped, ends, bounds } = layout;
  const of = mostOf(layout, within);
  let weight = 0;
  // weight that the filters removed but perhaps should have kept
  let undrawn = of - weights[within]!;
  for (let box = within; box < ends[within]!; box++) {
    if (names[tree.nameIds[box]!] === 0) {
      undrawn += dropped[box]!;
      continue;
    }
    weight += bounds.least[box]!;
    undrawn += weights[box]! - bounds.least[box]!;
    box = ends[box]! - 1;
  }
  return { weight, undrawn, of };
}

/** Returns the weight of these names in the whole picture, using the sums in the file. */
export function weightOfAll(layout: Layout, names: Uint8Array): Share {
  const { totals, others } = layout.tree;
  const drawn = weightOf(layout, names, 0);
  const only = names.indexOf(1);
  if (only === names.lastIndexOf(1) && others === 0 && only < totals.length)
    return { weight: totals[only] ?? 0, undrawn: 0, of: drawn.of };
  let weight = drawn.weight;
  for (let id = 0; id < totals.length; id++) if (names[id] === 1) weight = Math.max(weight, totals[id]!);
  return { ...drawn, weight, undrawn: Math.max(0, drawn.undrawn - (weight - drawn.weight)) };
}

/** Returns the weight of one name in the whole picture. */
export function weightOfName(layout: Layout, name: number, isFiltered: boolean): Share {
  const { totals, names } = layout.tree;
  if (!isFiltered && name < totals.length)
    return { weight: totals[name]!, undrawn: 0, of: layout.weights[0]! };
  return weightOf(
    layout,
    Uint8Array.from(names, (_, id) => (id === name ? 1 : 0)),
    0,
  );
}
