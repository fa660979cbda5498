import type { PageData } from '../src/picture/document.ts';
import { count, percent } from '../src/picture/amount.ts';
import { knownText } from '../src/picture/details.ts';
import { boundSign, mostOf } from '../src/picture/bounds.ts';
import { changeText } from '../src/picture/change.ts';
import { figures, nameOf, type Look } from '../src/picture/draw.ts';
import { shown } from '../src/picture/escape.ts';
import type { Layout } from '../src/picture/layout.ts';
import { shareText } from '../src/picture/words.ts';
import { weightOf, weightOfAll, weightOfName, type Search } from './search.ts';
import type { State } from './state.ts';

/** Returns the text for a search result: the current match, the number of matches, and their share of what is shown. */
export function resultText(
  { found, match, error }: Search,
  layout: Layout,
  { zoom, filters }: State,
): string {
  if (!found) return error;
  const { boxes, names } = found;
  const { totals, others } = layout.tree;
  if (!names.includes(1))
    return others > 0 ? `No match in the ${count(totals.length - 1)} largest functions` : 'No match';
  const isWhole = zoom === 0 && filters.length === 0;
  const share = isWhole ? weightOfAll(layout, names) : weightOf(layout, names, zoom);
  const place = match < 0 ? '' : `${count(boxes.indexOf(match) + 1)} of `;
  const boxesText = boxes.length === 0 ? 'Too narrow to be drawn' : `${place}${count(boxes.length)}`;
  return `${boxesText} · ${shareText(share)}${ofZoomed(zoom)}`;
}

/** Returns the details of a box. The name comes last because it may be long. */
export function detailsText(
  { nametype }: PageData,
  look: Look,
  layout: Layout,
  box: number,
  { zoom, filters }: State,
): string {
  const { tree, weights, before, bounds } = layout;
  const id = tree.nameIds[box]!;
  const title = look.attributes[id]?.title;
  if (title !== undefined) return title;
  const { least } = bounds;
  const sign = boundSign(bounds, weights);
  const share = zoom === 0 ? '' : `, ${sign}${percent(least[box]!, mostOf(layout, zoom))}${ofZoomed(zoom)}`;
  const all = weightOfName(layout, id, filters.length > 0);
  const isOnly =
    box === 0 ||
    (all.weight === least[box] &&
      all.undrawn === 0 &&
      (!tree.before || tree.before.totals[id] === before![box]));
  const change = filters.length === 0 ? functionChangeText(layout, id) : '';
  const everywhere = isOnly ? '' : `; everywhere ${shareText(all)}${change}`;
  const known = shown(knownText(tree.names[id]!, id, tree.details));
  const details = known === '' ? '' : ` · ${known}`;
  return `${figures(layout, look, box)}${share}${everywhere}${details} · ${nametype} ${nameOf(layout, box)}`;
}

/** Returns a function's change in all boxes together, such as `, +4.00 [+2.70 … +5.30] points, significant`. */
function functionChangeText({ tree, weights, before: befores }: Layout, id: number): string {
  const { before, totals } = tree;
  if (!before || id === 0 || id >= totals.length) return '';
  const { changed, exposures, reach } = before;
  const sides = {
    after: totals[id]!,
    allAfter: weights[0]!,
    before: before.totals[id]!,
    allBefore: befores![0]!,
    exposures,
  };
  const tested = changed && (changed.totals.includes(id) ? ', significant' : ', not significant');
  return `, ${changeText(sides, changed && reach)} points${tested ?? ''}`;
}

function ofZoomed(zoom: number): string {
  return zoom === 0 ? '' : ' of the zoomed part';
}
