import { EXACT_MAX, isIncomplete, LOSSES, SAMPLES, type Facts, type Losses } from '@stapflame/stacks';
import { PAGE_SCRIPT, PAGE_SCRIPT_HASHES, PAGE_STYLE, PAGE_STYLE_HASH } from '../generated/page.ts';
import type { ResolvedRendererOptions } from '../options.ts';
import type { Boxes } from '../tree/boxes.ts';
import type { NameTotals } from '../tree/name-sums.ts';
import { count, counted, percent } from './amount.ts';
import { htmlPage, SVG_FILE } from './container.ts';
import { treeData } from './data.ts';
import { drawBoxes, RUN_SCALE, round, withoutAnnotation, type Look } from './draw.ts';
import { escapeText, escapeXml, shown, wellFormed } from './escape.ts';
import { helpLines } from './help.ts';
import { jsonPieces } from './json-pieces.ts';
import { keyLine, KEY_HEIGHT, type KeyEntry } from './key-line.ts';
import { layOut, type TreeData, type Widths } from './layout.ts';
import { packTree } from './packed.ts';
import type { NameAttributes } from './name-attributes.ts';
import { MARGIN, textLine } from './text-line.ts';
import { noteText, type Across } from './words.ts';

/** Width of the coordinate system of a picture without a fixed width. */
const FLUID_WIDTH = 1200;

/** The data for the script. It contains everything that differs between pictures. */
export interface PageData {
  readonly tree: TreeData;
  readonly look: Look;
  readonly title: string;
  readonly subtitle: string;
  readonly nametype: string;
  readonly inverted: boolean;
  /** Fixed width in px, or 0 to fill the available width. */
  readonly width: number;
  /** Says what was lost; empty if the trace is complete. */
  readonly incomplete: string;
  /** Says what is not drawn; empty if everything is drawn. */
  readonly notDrawn: string;
  readonly across: Across;
  /** The side that box widths show at first. */
  readonly widths: Widths;
  /** The colour key; empty if colours have no meaning. */
  readonly key: readonly KeyEntry[];
  /** The lines of the help text. */
  readonly help: readonly string[];
}

const BACKGROUNDS: Readonly<Record<string, string>> = {
  yellow: 'linear-gradient(#eeeeee,#eeeeb0)',
  blue: 'linear-gradient(#eeeeee,#e0e0ff)',
  green: 'linear-gradient(#eef2ee,#e0ffe0)',
  grey: 'linear-gradient(#f8f8f8,#e8e8e8)',
};

/** Facts that the picture reports in addition to its boxes. */
export interface Told {
  readonly facts: Facts;
  /** Weight of the frames too narrow to be drawn. */
  readonly notDrawnWeight: number;
  /** Number of levels too deep to be drawn. */
  readonly levelsCut: number;
}

/** Writes the picture, in chunks. */
export function* svgDocument(boxes: Boxes, options: ResolvedRendererOptions, told: Told): Generator<string> {
  // leave out the input order, because it does not change the picture
  const { order: _, ...facts } = told.facts;
  const incomplete = isIncomplete(facts) ? `Incomplete: ${lossText(facts.losses!)}` : '';
  const { height, fontsize } = options;
  const width = options.width ?? FLUID_WIDTH;
  const { tree, colors, key } = treeData(boxes, options);
  const widths = boxes.isComparison ? options.widths : 'after';
  const layout = layOut(tree, [], widths);
  const look: Look = {
    countname: shown(options.countname ?? facts.unit ?? SAMPLES),
    factor: options.factor,
    height,
    fontsize,
    fontwidth: options.fontwidth,
    cutsLabels: options.fonttype !== undefined,
    colors,
    searchColor: options.searchcolor,
    attributes: attributesOf(tree.names, options.attributes),
  };
  const page: PageData = {
    tree,
    look,
    title: shown(options.title),
    subtitle: shown(options.subtitle ?? ''),
    nametype: shown(options.nametype),
    inverted: options.inverted,
    width: options.width ?? 0,
    incomplete,
    notDrawn: notDrawnText(boxes, options, told),
    across: options.flamechart ? 'time' : 'names',
    widths,
    key,
    help: helpLines(look.countname, options.flamechart ? 'time' : 'names', key, tree),
  };
  const subtitleTop = MARGIN + fontsize * 2.9;
  const bandTop = subtitleTop - (page.subtitle === '' ? fontsize : -6);
  const top = bandTop + (incomplete === '' ? 0 : 26) + 6;
  const bottom = top + layout.rows.length * height;
  const total = round(bottom + 26 + (key.length > 0 ? KEY_HEIGHT : 0));
  const size = options.width ? `width="${width}" height="${total}"` : `width="100%"`;
  const [before, after] = options.container === 'html' ? htmlPage(page.title) : SVG_FILE;
  yield `${before}<svg xmlns="http://www.w3.org/2000/svg" class="stapflame" viewBox="0 0 ${width} ${total}" ${size} preserveAspectRatio="xMidYMin" role="img"${rootStyle(options)}>\n`;
  yield `<title>${escapeXml(page.title)}</title>\n<desc>${escapeXml(describeAll(boxes, page, options))}</desc>\n`;
  const metadata = {
    generator: '@stapflame/svg-renderer',
    hashes: { scripts: PAGE_SCRIPT_HASHES, style: PAGE_STYLE_HASH },
    options: { ...given(options), reverse: options.reverse || facts.reversed === true },
    facts,
    lost: facts.losses ?? {},
    boxes: boxes.depths.length,
    dropped: boxes.dropped,
    droppedWeight: told.notDrawnWeight,
    ...page,
    tree: packTree(tree),
  };
  yield '<metadata>';
  for (const piece of jsonPieces(metadata)) yield escapeText(piece);
  yield '</metadata>\n';
  yield `<style>${PAGE_STYLE}</style>\n<g class="static">\n`;
  yield textLine('title', MARGIN, MARGIN + fontsize * 1.35, fontsize * 1.5, page.title);
  if (page.subtitle !== '') yield textLine('note', MARGIN, subtitleTop, fontsize, page.subtitle);
  if (incomplete !== '') {
    yield `<g class="incomplete"><rect x="${MARGIN}" y="${round(bandTop)}" width="${width - MARGIN * 2}" height="22"/><text x="${MARGIN + 8}" y="${round(bandTop + 15)}" font-size="12">${escapeXml(page.incomplete)}</text></g>\n`;
  }
  const note = `${noteText(layout, look, page)} ${page.notDrawn}`.trim();
  yield textLine('note', MARGIN, round(bottom + 18), 12, note);
  yield `${keyLine(key, round(bottom + 18 + KEY_HEIGHT))}</g>\n`;
  yield `<g class="boxes" font-size="${fontsize}" transform="translate(${MARGIN} ${round(top)})">\n`;
  const view = { width: width - MARGIN * 2, inverted: options.inverted, zoom: 0 };
  const { runs, frames } = drawBoxes(layout, look, view);
  if (runs.length > 0) {
    yield `<g transform="${RUN_SCALE}">`;
    for (const { color, d } of runs) yield `<path fill="${look.colors[color]}" d="${d}"/>`;
    yield '</g>\n';
  }
  yield `${frames}\n`;
  yield `</g>\n<script><![CDATA[${PAGE_SCRIPT}]]></script>\n</svg>\n${after}`;
}

/** Returns the picture's options, including defaults, as stored in the file. */
function given(options: ResolvedRendererOptions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({
      ...options,
      sorted: undefined,
      palette: undefined,
      attributes: undefined,
      details: undefined,
      testBoxes: undefined,
      testFunctions: undefined,
    }).map(([key, value]) => [key, typeof value === 'string' ? wellFormed(value) : value]),
  );
}

/** Returns the attributes of the names in the picture, indexed by name number. */
function attributesOf(
  names: readonly string[],
  given: ReadonlyMap<string, NameAttributes>,
): Record<number, NameAttributes> {
  const attributes: Record<number, NameAttributes> = {};
  if (given.size === 0) return attributes;
  for (const [id, name] of names.entries()) {
    const found = given.get(name) ?? given.get(withoutAnnotation(name));
    if (id > 0 && found) attributes[id] = withShownTitle(found);
  }
  return attributes;
}

function withShownTitle(attributes: NameAttributes): NameAttributes {
  const { title } = attributes;
  return title === undefined ? attributes : { ...attributes, title: shown(title) };
}

function rootStyle({ bgcolors, fonttype, strokecolor, uicolor }: ResolvedRendererOptions): string {
  const styles: string[] = [];
  if (bgcolors !== undefined)
    styles.push(`--paper:${BACKGROUNDS[bgcolors] ?? bgcolors};--ink:#1b1b1b;--dim:#494949`);
  if (uicolor !== undefined) styles.push(`--ink:${uicolor};--dim:${uicolor}`);
  if (strokecolor !== undefined) styles.push(`--stroke:${strokecolor}`);
  if (fonttype !== undefined) {
    // remove characters that would end or change the CSS string
    const family = wellFormed(fonttype).replace(/["\\\n\r\f;{}]/g, ' ');
    styles.push(`--font:"${family}"`);
  }
  return styles.length > 0 ? ` style="${escapeXml(styles.join(';'))}"` : '';
}

/** Returns a note on what is not drawn and which numbers are not exact. */
function notDrawnText(
  boxes: Boxes,
  { minwidth, maxDepth, maxBoxes }: ResolvedRendererOptions,
  told: Told,
): string {
  const least = String(minwidth).endsWith('%') ? `${minwidth}` : `${minwidth} px`;
  const narrow = `${count(boxes.dropped)} ${boxes.dropped === 1 ? 'box' : 'boxes'} narrower than ${least}${boxes.isLimited ? `, or beyond the ${count(maxBoxes)} widest,` : ''} not drawn`;
  const { levelsCut, notDrawnWeight, facts } = told;
  const { filtered = 0 } = facts;
  const notes = [
    boxes.dropped === 0 ? '' : `${narrow} (${percent(notDrawnWeight, boxes.total)})`,
    levelsCut === 0 ? '' : `${count(levelsCut)} levels beyond the first ${count(maxDepth)} not drawn`,
    facts.beyondLimit === undefined
      ? ''
      : `${percent(boxes.total, boxes.total + facts.beyondLimit)} of all is shown: the sampler reached its stack limit`,
    filtered === 0 ? '' : `${percent(filtered, boxes.sum + filtered)} of all was filtered out`,
    facts.exportedOnly === undefined
      ? ''
      : `${percent(facts.exportedOnly, boxes.sum + filtered)} of all is in functions without a name ([file]): in those files, only exported functions have names`,
    facts.inexact === true ? `Sums over ${count(EXACT_MAX)} are rounded` : '',
  ];
  return notes.filter((note) => note !== '').join('. ');
}

/** A description of each kind of loss, in the singular and the plural. */
const LOSS_WORDS: Readonly<Record<keyof Losses, readonly [string, string]>> = {
  damaged: ['damaged record', 'damaged records'],
  truncated: ['input ends too early', 'inputs end too early'],
  lost: ['sample lost', 'samples lost'],
  cut: ['stack cut at its root', 'stacks cut at their roots'],
  errors: ['error', 'errors'],
};

function lossText(losses: Losses): string {
  return LOSSES.flatMap((kind) => {
    const lost = losses[kind] ?? 0;
    return lost > 0 ? [`${count(lost)} ${LOSS_WORDS[kind][lost === 1 ? 0 : 1]}`] : [];
  }).join(', ');
}

/** Returns a description of the picture for screen readers. */
function describeAll(boxes: Boxes, page: PageData, options: ResolvedRendererOptions): string {
  const list = (boxes.sums ? largestSelfs(boxes.sums, 5) : []).map(
    ([name, self]) => `${shown(name.slice(0, 200))} ${percent(self, boxes.total)}`,
  );
  const words = [
    `${counted(boxes.total, page.look)}.`,
    list.length > 0 ? `Largest self weights: ${list.join(', ')}.` : '',
    page.incomplete,
    page.notDrawn,
    shown(options.notes),
  ];
  return words.filter((each) => each !== '').join(' ');
}

/** Returns the names with the largest self weights. */
function largestSelfs({ names, selfs }: NameTotals, most: number): (readonly [string, number])[] {
  const found: (readonly [string, number])[] = [];
  for (const [i, self] of selfs.entries()) {
    if (self === 0 || (found.length === most && found[most - 1]![1] >= self)) continue;
    let at = found.length;
    while (at > 0 && found[at - 1]![1] < self) at--;
    found.splice(at, 0, [names[i]!, self]);
    found.length = Math.min(found.length, most);
  }
  return found;
}
