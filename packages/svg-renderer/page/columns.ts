import { count, percent } from '../src/picture/amount.ts';
import { boundSign } from '../src/picture/bounds.ts';
import { changeText, pointsOf, type Sides } from '../src/picture/change.ts';
import { withoutAnnotation, type Look } from '../src/picture/draw.ts';
import { shown } from '../src/picture/escape.ts';
import type { Layout } from '../src/picture/layout.ts';
import type { FunctionSums } from './functions.ts';
import type { Head } from './grid.ts';
import { intervalText } from './interval.ts';

/** A column of a table. */
interface Column<Of> {
  readonly head: Head;
  readonly text: (of: Of) => string;
}

/** A column of the functions table. Rows are sorted by ascending key. */
interface SortedColumn extends Column<FunctionSums> {
  readonly key: (sums: FunctionSums) => number | string;
}

/** The data for a row of a caller or callee tree. */
interface Branching {
  readonly text: string;
  readonly weight: number;
  readonly before: number;
}

/** Column widths, in characters: for numbers, for shares with intervals, for changes with intervals, and for names. */
const NUMBER = 14;
const SHARE = 24;
const CHANGE = 34;
const NAME = 28;

/** Returns the text shown for the name with this number. */
export function shownName({ tree }: Layout, name: number): string {
  return shown(withoutAnnotation(tree.names[name]!));
}

/**
 * Returns the columns of the functions table. Without filters, the sums come from the file. With filters, they are
 * computed from the drawn boxes and may be only lower bounds.
 */
export function functionColumns(layout: Layout, look: Look, isFiltered: boolean): readonly SortedColumn[] {
  const { weights, before, tree, bounds, boundsBefore } = layout;
  const sign = boundSign(bounds, weights);
  const signBefore = boundsBefore ? boundSign(boundsBefore, before!) : '';
  const number = (head: string, sign: string, weightOf: (sums: FunctionSums) => number): SortedColumn => ({
    head: { text: head, width: NUMBER },
    text: (sums) => sign + count(weightOf(sums) * look.factor),
    key: (sums) => -weightOf(sums),
  });
  // a filter changes the numbers, so the significance tests in the file no longer apply
  const changed = isFiltered ? undefined : tree.before?.changed;
  const about = sign + signBefore === '' ? '' : '≈ ';
  const change = (
    head: string,
    significant: readonly number[] | undefined,
    sidesOf: (sums: FunctionSums) => readonly [before: number, after: number],
  ): SortedColumn => {
    const found = new Set(significant);
    const sides = (sums: FunctionSums): Sides => sidesIn(layout, ...sidesOf(sums));
    return {
      head: { text: head, width: changed ? CHANGE : NUMBER },
      text: (sums) =>
        about + changeText(sides(sums), changed && tree.before!.reach) + (found.has(sums.name) ? ' *' : ''),
      key: (sums) => -Math.abs(pointsOf(sides(sums))),
    };
  };
  return [
    number('Self', sign, ({ self }) => self),
    number('Total', sign, ({ total }) => total),
    {
      head: { text: 'Share', width: before ? NUMBER : SHARE },
      text: ({ total }) =>
        sign +
        percent(total, bounds.most) +
        (before || sign !== '' ? '' : intervalText(total, bounds.most, look)),
      key: ({ total }) => -total,
    },
    ...(before
      ? [
          number('Before', signBefore, ({ totalBefore }) => totalBefore),
          change('Points', changed?.totals, ({ totalBefore, total }) => [totalBefore, total]),
          number('Self before', signBefore, ({ selfBefore }) => selfBefore),
          change('Self points', changed?.selfs, ({ selfBefore, self }) => [selfBefore, self]),
        ]
      : []),
    {
      head: { text: 'Function', width: NAME },
      text: ({ name }) => shownName(layout, name),
      key: ({ name }) => tree.names[name]!,
    },
  ];
}

/**
 * Returns a tree's columns. Trees are built from the drawn boxes, so if any box is not drawn, weights are lower bounds.
 */
export function treeColumns(layout: Layout, { factor }: Look): readonly Column<Branching>[] {
  const { tree, before, bounds, boundsBefore } = layout;
  const signOf = (dropped: Float64Array | undefined): string =>
    dropped?.some((weight) => weight > 0) ? '≥ ' : '';
  const [sign, signBefore] = [signOf(tree.dropped), signOf(tree.before?.dropped)];
  const about = sign + signBefore === '' ? '' : '≈ ';
  const column = (head: string, text: (of: Branching) => string): Column<Branching> => ({
    head: { text: head, width: NUMBER },
    text,
  });
  return [
    column('Weight', ({ weight }) => sign + count(weight * factor)),
    column('Share', ({ weight }) => sign + percent(weight, bounds.most)),
    ...(before && boundsBefore
      ? [
          column('Before', ({ before }) => signBefore + count(before * factor)),
          column('Points', ({ before, weight }) => about + changeText(sidesIn(layout, before, weight))),
        ]
      : []),
    { head: { text: 'Function', width: NAME }, text: ({ text }) => text },
  ];
}

/**
 * Returns a function's 'before' and 'after' weights, and the totals of the visible part, from which shares are
 * computed.
 */
function sidesIn({ tree, weights, before: befores }: Layout, before: number, after: number): Sides {
  const { exposures } = tree.before!;
  return { before, after, allBefore: befores![0]!, allAfter: weights[0]!, exposures };
}
