import type { PageData } from '../src/picture/document.ts';
import { count, counted, percent } from '../src/picture/amount.ts';
import { figures, withoutAnnotation } from '../src/picture/draw.ts';
import { shown } from '../src/picture/escape.ts';
import type { Layout } from '../src/picture/layout.ts';
import { weightOf, type Search } from './search.ts';

/** What a search found: how many boxes, which of them is selected, and their share of what is shown. */
export function resultText({ found, match, error }: Search, layout: Layout, zoom: number): string {
  if (!found) return error;
  const { boxes, names } = found;
  if (boxes.length === 0) return 'No match';
  const place = match < 0 ? '' : `${count(boxes.indexOf(match) + 1)} of `;
  const share = percent(weightOf(layout, names, zoom), layout.weights[zoom]!);
  return `${place}${count(boxes.length)} · ${share}${ofZoomed(zoom)}`;
}

/** All that is known of a box. Its name may be long, so that it stands behind the figures. */
export function detailsText({ nametype, look }: PageData, layout: Layout, box: number, zoom: number): string {
  const { tree, weights } = layout;
  const id = tree.nameIds[box]!;
  const title = look.attributes[id]?.title;
  if (title !== undefined) return title;
  const share = zoom === 0 ? '' : `, ${percent(weights[box]!, weights[zoom]!)}${ofZoomed(zoom)}`;
  const name = shown(withoutAnnotation(tree.names[id]!));
  return `${figures(layout, look, box)}${share} · ${nametype} ${name}`;
}

function ofZoomed(zoom: number): string {
  return zoom === 0 ? '' : ' of the zoomed part';
}

/** The sum of what is shown, and of how much. */
export function footText({ tree, look, notDrawn }: PageData, { weights }: Layout): string {
  const [all, left] = [tree.weights[0]!, weights[0]!];
  if (left === 0 && all > 0) return 'Every stack is hidden: remove a filter above.';
  if (left === all) return `${counted(all, look)}. Width is share of the whole. ${notDrawn}`.trim();
  return `${count(left * look.factor)} of ${counted(all, look)}. Width is share of what the filters leave. ${notDrawn}`.trim();
}
