import { count, counted, percent, type Unit } from './amount.ts';
import { boundSign } from './bounds.ts';
import { changeText } from './change.ts';
import { isInlined } from './details.ts';
import { escapeXml, shown } from './escape.ts';
import { labelOf } from './labels.ts';
import type { Layout } from './layout.ts';
import type { NameAttributes } from './name-attributes.ts';
import { addRuns, Runs, type Coloring, type RunPath } from './runs.ts';

/** Settings for the appearance of boxes, used by both the renderer and the script in the picture. */
export interface Look extends Unit {
  /** Box height and font size, in px. */
  readonly height: number;
  readonly fontsize: number;
  /** Mean glyph width relative to the font size. */
  readonly fontwidth: number;
  /** Whether to clip labels at the edge of their box, because the width of the user's font is unknown. */
  readonly cutsLabels: boolean;
  readonly colors: readonly string[];
  readonly searchColor: string;
  /** Titles and links, indexed by name number. */
  readonly attributes: Readonly<Record<number, NameAttributes>>;
}

/** The part of the tree to draw, and its size. */
export interface View {
  /** In px. */
  readonly width: number;
  readonly inverted: boolean;
  /** The box that fills the width. */
  readonly zoom: number;
}

/** Transform for run paths, whose horizontal distances are in hundredths of a pixel. */
export const RUN_SCALE: string = 'scale(.01 1)';

/** The drawn boxes. */
export interface Drawn {
  readonly runs: readonly RunPath[];
  /** SVG for the wide boxes, with an element for each. */
  readonly frames: string;
  /** Numbers of the wide boxes, in element order. */
  readonly wide: readonly number[];
}

/**
 * Draws the boxes. The same code runs when the file is written and on every zoom in the browser, so that both draw the
 * same picture. Boxes outside the zoomed part cost no time.
 */
export function drawBoxes(layout: Layout, look: Look, view: View): Drawn {
  const { rows, starts, widths, tree } = layout;
  const { zoom, width } = view;
  const zoomDepth = tree.depths[zoom]!;
  const scale = scaleOf(layout, view);
  const runs = new Runs(look.height - 1);
  const frames: string[] = [];
  const wide: number[] = [];
  const add = (box: number, rect: Rect, beside: readonly number[]): void => {
    frames.push(ownElement(layout, look, view, box, rect, beside));
    wide.push(box);
  };
  // the zoomed box and its callers, indexed by depth
  const path: number[] = [];
  for (let up = zoom; up >= 0; up = layout.parents[up]!) path[tree.depths[up]!] = up;
  for (const [depth, row] of rows.entries()) {
    const y = rowTop(depth, rows.length, look.height, view.inverted);
    if (depth < zoomDepth) {
      add(path[depth]!, { x: 0, y, width }, []);
      continue;
    }
    runs.begin(y);
    for (const at of addRuns(layout, depth, zoom, scale, tree, runs)) {
      const box = row[at]!;
      const x = (starts[box]! - starts[zoom]!) * scale;
      const beside = [row[at - 1], row[at + 1]].filter((other) => other !== undefined);
      add(box, { x, y, width: widths[box]! * scale }, beside);
    }
  }
  runs.finish();
  return { runs: runs.paths, frames: frames.join('\n'), wide };
}

/** Draws the narrow boxes that match a search. */
export function drawMatches(layout: Layout, look: Look, view: View, matches: Uint8Array): readonly RunPath[] {
  const { rows, tree } = layout;
  const scale = scaleOf(layout, view);
  const coloring: Coloring = {
    colorIds: Int8Array.from(matches, (isFound) => isFound - 1),
    colorsBy: 'name',
  };
  const runs = new Runs(look.height - 1);
  for (let depth = tree.depths[view.zoom]!; depth < rows.length; depth++) {
    runs.begin(rowTop(depth, rows.length, look.height, view.inverted));
    addRuns(layout, depth, view.zoom, scale, coloring, runs);
  }
  runs.finish();
  return runs.paths;
}

/** Returns the number of pixels per unit of width. */
function scaleOf({ widths }: Layout, { zoom, width }: View): number {
  return widths[zoom]! > 0 ? width / widths[zoom]! : 0;
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** @param beside the box's neighbours in its row, whose labels must differ from the box's label */
function ownElement(
  layout: Layout,
  look: Look,
  view: View,
  box: number,
  rect: Rect,
  beside: readonly number[],
): string {
  const { x, y, width } = rect;
  const nameId = layout.tree.nameIds[box]!;
  const columns = Math.floor((width - 7) / (look.fontsize * look.fontwidth));
  const others = (): string[] => beside.map((other) => nameOf(layout, other));
  const label = columns < 1 ? '' : labelOf(nameOf(layout, box), columns, others);
  const text = label ? labelAt(label, look, rect) : '';
  const above = box < view.zoom ? ' above' : '';
  const inlined = isInlined(layout.tree.names[nameId]!, nameId, layout.tree.details) ? ' inlined' : '';
  const { href, target = '_top' } = look.attributes[nameId] ?? {};
  const [link, linkEnd] =
    href === undefined
      ? ['', '']
      : [`<a href="${escapeXml(href)}" target="${target}" rel="noopener">`, '</a>'];
  return `${link}<g class="frame${above}${inlined}"><title>${escapeXml(describe(layout, look, box))}</title><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${look.height - 1}" rx="2" fill="${fillOf(layout, look, box)}"/>${text}</g>${linkEnd}`;
}

/** Whether white text is more legible than black text on a colour given as `#rrggbb`. */
export function isDark(color: string): boolean {
  const [red, green, blue] = [1, 3, 5].map(
    (at) => (Number.parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2,
  );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! < 0.18;
}

function labelAt(label: string, look: Look, { x, y, width }: Rect): string {
  const height = look.height - 1;
  const baseline = height / 2 + look.fontsize * 0.29;
  if (!look.cutsLabels)
    return `<text x="${round(x + 3.5)}" y="${round(y + baseline)}">${escapeXml(label)}</text>`;
  // a nested svg clips its content
  return `<svg x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}"><text x="3.5" y="${round(baseline)}">${escapeXml(label)}</text></svg>`;
}

/** Returns a box's title: `name (1,234 samples, 5.67 %)`, or the title from the name's attributes. */
export function describe(layout: Layout, look: Look, box: number): string {
  const nameId = layout.tree.nameIds[box]!;
  const { title } = look.attributes[nameId] ?? {};
  if (title !== undefined) return title;
  return `${nameOf(layout, box)} (${figures(layout, look, box)})`;
}

/** Returns a box's name as shown to the user. */
export function nameOf({ tree }: Layout, box: number): string {
  return shown(withoutAnnotation(tree.names[tree.nameIds[box]!]!));
}

/**
 * Returns a box's numbers: `1,234 samples, 5.67 %`. In a comparison, these are followed by:
 * `; before 1,000, 4.10 %; +1.57 [+0.32 … +2.82] points, significant`.
 */
export function figures(layout: Layout, look: Look, box: number): string {
  const { weights, before, bounds, boundsBefore } = layout;
  const [weight, all] = [weights[box]!, weights[0]!];
  const sign = boundSign(bounds, weights);
  const text = `${sign}${counted(bounds.least[box]!, look)}, ${sign}${percent(bounds.least[box]!, bounds.most)}`;
  if (!before || !boundsBefore) return text;
  const [old, oldAll] = [before[box]!, before[0]!];
  const tested = testedText(layout, box);
  const { exposures, reach } = layout.tree.before!;
  const sides = { after: weight, allAfter: all, before: old, allBefore: oldAll, exposures };
  const change = changeText(sides, tested === '' ? undefined : reach);
  const only = old === 0 && weight > 0 ? ', new' : weight === 0 && old > 0 ? ', vanished' : '';
  const signBefore = boundSign(boundsBefore, before);
  const leastBefore = boundsBefore.least[box]!;
  const about = sign + signBefore === '' ? '' : '≈ ';
  const textBefore = `${signBefore}${count(leastBefore * look.factor)}, ${signBefore}${percent(leastBefore, boundsBefore.most)}`;
  return `${text}; before ${textBefore}; ${about}${change} points${exposures ? ' of the total before' : ''}${tested}${only}`;
}

/** Returns a box's test result; empty if a filter has changed the tested numbers. */
function testedText({ tree, weights, before }: Layout, box: number): string {
  const significant = tree.before?.significant?.[box];
  const isAsTested = [0, box].every(
    (each) => weights[each] === tree.weights[each] && before?.[each] === tree.before?.weights[each],
  );
  if (box === 0 || significant === undefined || !isAsTested) return '';
  return significant === 1 ? ', significant' : ', not significant';
}

/** Returns the colour of a box that does not match a search. */
export function fillOf({ tree }: Layout, { colors }: Look, box: number): string {
  return colors[tree.colorIds[tree.colorsBy === 'name' ? tree.nameIds[box]! : box]!]!;
}

/** Returns the y coordinate of a row. */
export function rowTop(depth: number, rows: number, height: number, inverted: boolean): number {
  return (inverted ? depth : rows - 1 - depth) * height;
}

/** Removes the annotation `_[k]`, `_[j]`, `_[i]` or `_[w]`, which only selects the colour. */
export function withoutAnnotation(name: string): string {
  return name.replace(/_\[[kjiw]\]$/, '');
}

export function rectPath(x: number, y: number, width: number, height: number): string {
  const right = round(Math.max(width, 0.1));
  return `M${round(x)} ${y}h${right}v${height}h-${right}z`;
}

/** Rounds to a hundredth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
