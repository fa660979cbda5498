import { count, counted, percent } from './amount.ts';
import { boundSign } from './bounds.ts';
import type { Look } from './draw.ts';
import type { Layout, LayoutFilter, Widths } from './layout.ts';

/** What the x-axis means. */
export type Across = 'names' | 'time';

/** Settings mentioned in the note below the picture. */
export interface Reading {
  readonly across: Across;
  readonly filters?: readonly Pick<LayoutFilter, 'kind'>[];
  readonly byWidth?: boolean;
  readonly collapsed?: boolean;
  readonly widths?: Widths;
}

/** Returns the note below the picture: the sum of the weights shown, and how to read the picture. */
export function noteText({ tree, weights, before, bounds }: Layout, look: Look, reading: Reading): string {
  const [all, left] = [tree.weights[0]!, weights[0]!];
  const { filters = [] } = reading;
  if (left === 0 && all > 0) return 'Every stack is hidden: remove a filter above.';
  const sum = before
    ? `${counted(all, look)} after, ${count(before[0]! * look.factor)} before`
    : counted(all, look);
  const merged = reading.collapsed ? ' Recursive calls are merged.' : '';
  if (filters.length === 0 || left === all)
    return `${sum}. ${widthText('the whole', reading)}; ${orderText(reading)}.${merged}`;
  const onlyHides = filters.every(({ kind }) => kind === 'hide');
  const sign = boundSign(bounds, weights) && (onlyHides ? '≤ ' : '≥ ');
  const shown = onlyHides ? left : bounds.least[0]!;
  const rest = widthText('what the filters keep', reading);
  return `${sign}${count(shown * look.factor)} of ${counted(all, look)}. ${rest}; ${orderText(reading)}.${merged}`;
}

function widthText(whole: string, { widths = 'after' }: Reading): string {
  if (widths === 'both') return `Width is the mean of the shares of ${whole} before and after`;
  return `Width is the share of ${whole}${widths === 'before' ? ' before' : ''}`;
}

function orderText({ across, byWidth }: Reading): string {
  if (across === 'time') return 'the x-axis is the order of the input';
  return `the x-axis is not time${byWidth ? ', the widest boxes come first' : ''}`;
}

/** Formats a weight as a share. If undrawn weight may belong to it, the share is shown as a lower bound. */
export function shareText({
  weight,
  of,
  undrawn,
}: Readonly<Record<'weight' | 'of' | 'undrawn', number>>): string {
  if (undrawn === 0 || of === 0) return percent(weight, of);
  return `≥ ${percent(weight, of)}, ${percent(undrawn, of)} not drawn`;
}
