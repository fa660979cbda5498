import { count, counted, percent } from './amount.ts';
import type { Look } from './draw.ts';
import type { Layout, LayoutFilter } from './layout.ts';

/** What left and right mean. */
export type Across = 'names' | 'time';

/** The sum of what is shown, and how to read it. It stands in the file and, for its script, below the picture. */
export function noteText(
  { tree, weights, before }: Layout,
  look: Look,
  across: Across,
  filters: readonly LayoutFilter['kind'][] = [],
): string {
  const [all, left] = [tree.weights[0]!, weights[0]!];
  if (left === 0 && all > 0) return 'Every stack is hidden: remove a filter above.';
  const sum = before
    ? `${counted(all, look)} after, ${count(before[0]! * look.factor)} before`
    : counted(all, look);
  const order = `left to right is ${across === 'time' ? 'the order of the input' : 'not time'}`;
  if (filters.length === 0 || left === all) return `${sum}. Width is share of the whole, ${order}.`;
  const least = tree.dropped.some((weight) => weight > 0) ? boundOf(filters) : '';
  return `${least}${count(left * look.factor)} of ${counted(all, look)}. Width is share of what the filters leave, ${order}.`;
}

/** Filters act on what is drawn: what is too narrow is never kept by one, and never left out. */
function boundOf(filters: readonly LayoutFilter['kind'][]): string {
  if (!filters.includes('hide')) return '≥ ';
  return filters.includes('focus') ? 'About ' : '≤ ';
}

/** A weight as a share: of all, or at least that, where what is not drawn may add to it. */
export function shareText(weight: number, of: number, undrawn: number): string {
  if (undrawn === 0 || of === 0) return percent(weight, of);
  return `≥ ${percent(weight, of)}, ${percent(undrawn, of)} not drawn`;
}
