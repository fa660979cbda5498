import { withoutAnnotation } from '../src/picture/draw.ts';
import type { Layout } from '../src/picture/layout.ts';

/** What a search found. */
export interface Found {
  /** 1 for each name that matches. */
  readonly names: Uint8Array;
  /** The outermost boxes of these names, from left to right: a call within a call counts once. */
  readonly boxes: readonly number[];
  /** Their weight. */
  readonly weight: number;
}

/** The expression, or what is wrong with it. */
export function parseExpression(text: string, matchCase: boolean): RegExp | Error {
  try {
    return new RegExp(text, matchCase ? 'u' : 'iu');
  } catch (error) {
    return error as Error;
  }
}

/** Names within `zoom` that match. Runs over each name once, however many boxes have it. */
export function search({ tree, weights, ends }: Layout, expression: RegExp, zoom: number): Found {
  const names = Uint8Array.from(tree.names, (name, id) =>
    id > 0 && expression.test(withoutAnnotation(name)) ? 1 : 0,
  );
  const boxes: number[] = [];
  let weight = 0;
  for (let box = zoom; box < ends[zoom]!; box++) {
    if (names[tree.nameIds[box]!] === 0 || weights[box] === 0) continue;
    boxes.push(box);
    weight += weights[box]!;
    box = ends[box]! - 1;
  }
  return { names, boxes, weight };
}
