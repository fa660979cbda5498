import type { PageData } from '../src/picture/document.ts';
import { count, counted, percent } from '../src/picture/amount.ts';
import type { Found } from './search.ts';

/** What a search found: how many, which of them is selected (-1 for none), and their share of what is shown. */
export function resultText(found: Found | undefined, match: number, shown: number): string {
  if (!found) return '';
  if (found.boxes.length === 0) return 'No match';
  const place = match < 0 ? '' : `${match + 1} of `;
  return `${place}${count(found.boxes.length)} · ${percent(found.weight, shown)}`;
}

export function footText({ tree, look, notDrawn }: PageData): string {
  return `${counted(tree.weights[0]!, look)}. Width is share of the whole. ${notDrawn}`.trim();
}
