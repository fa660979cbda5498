import { withoutAnnotation } from '../src/picture/draw.ts';
import type { Layout } from '../src/picture/layout.ts';
import { ExpressionError, parseExpression, type Matcher } from './expression.ts';

/** What a search found. */
export interface Found {
  /** 1 for each name that matches. */
  readonly names: Uint8Array;
  /** The outermost boxes of these names, from left to right: a call within a call counts once. */
  readonly boxes: readonly number[];
  /** Their weight. */
  readonly weight: number;
}

/** What an expression finds within `zoom`, or why it finds nothing. */
export function search(
  { tree, weights, ends }: Layout,
  text: string,
  matchCase: boolean,
  zoom: number,
): Found | ExpressionError {
  try {
    const names = matchingNames(tree.names, parseExpression(text, matchCase));
    const boxes: number[] = [];
    let weight = 0;
    for (let box = zoom; box < ends[zoom]!; box++) {
      if (names[tree.nameIds[box]!] === 0 || weights[box] === 0) continue;
      boxes.push(box);
      weight += weights[box]!;
      box = ends[box]! - 1;
    }
    return { names, boxes, weight };
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

/** 1 for each name that matches: each is looked at once, however many boxes have it. */
function matchingNames(names: readonly string[], matches: Matcher): Uint8Array {
  return Uint8Array.from(names, (name, id) => (id > 0 && matches(withoutAnnotation(name)) ? 1 : 0));
}
