import type { Comparison, Difference, FunctionRow } from '@stapflame/diff';
import { counted } from '../summary.ts';
import { forTerminal } from '../terminal.ts';
import { intervalText, isSignificant, onlyOn, percentText, pointsText, testText } from './words.ts';

/** Number of functions to list without `--all` if significance is unknown. */
const UNTESTED_ROWS = 40;

export interface TableOptions {
  readonly unit: string;
  readonly significance: number;
  /** Whether to list even functions that do not differ significantly. */
  readonly all: boolean;
}

/**
 * Yields the comparison as lines of text, one per function, with the largest difference first. A star marks significant
 * differences.
 */
export function* tableLines(comparison: Comparison, options: TableOptions): Generator<string> {
  const { rows, untested } = comparison;
  yield testText(comparison, { ...options, numbers: 'plain' });
  const isTested = untested === undefined;
  const usual = isTested ? rows.filter(isSignificant) : rows.slice(0, UNTESTED_ROWS);
  const shown = options.all ? rows : usual;
  if (shown.length > 0) {
    const interval = isTested
      ? ['points', `${Number((100 * (1 - options.significance)).toPrecision(6))} % interval`]
      : ['points'];
    const head = ['self before', 'after', ...interval, 'total before', 'after', ...interval, 'function'];
    yield '';
    yield* aligned([head, ...shown.map((row) => cellsOf(row, isTested))]);
  }
  const left = rows.length - shown.length;
  if (left === 0) return;
  yield '';
  yield `${counted(left, 'more function')}${isTested ? ' without a significant difference' : ''}; --all lists all functions`;
}

function cellsOf(row: FunctionRow, isTested: boolean): readonly string[] {
  const only = onlyOn(row);
  const name = `${forTerminal(row.label)}${only === '' ? '' : ` (${only})`}`;
  return [...differenceCells(row.self, isTested), ...differenceCells(row.total, isTested), name];
}

function differenceCells(difference: Difference, isTested: boolean): readonly string[] {
  const mark = difference.isSignificant === true ? '*' : ' ';
  return [
    percentText(difference.percentBefore),
    percentText(difference.percentAfter),
    `${pointsText(difference.points)}${mark}`,
    ...(isTested ? [intervalText(difference)] : []),
  ];
}

/**
 * Pads cells so that each column is as wide as its widest cell. Columns are right-aligned, except the name, which comes
 * last.
 */
function* aligned(table: readonly (readonly string[])[]): Generator<string> {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  for (const cells of table) {
    const padded = cells.map((cell, column) =>
      column < cells.length - 1 ? cell.padStart(widths[column]!) : cell,
    );
    yield padded.join('  ');
  }
}
