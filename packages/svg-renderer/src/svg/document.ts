import type { Incomplete } from '../folded-lines.ts';
import type { ResolvedRendererOptions } from '../options.ts';
import type { Boxes } from '../tree/boxes.ts';
import { escapeXml } from './escape.ts';
import { colorOf } from './palette.ts';

/** Mean width of a glyph by font size: that of a monospaced font, so that text never passes its box. */
const GLYPH = 0.61;
const MARGIN = 10;
const STYLE = `
svg{background:#fff;color:#1b1b1b;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
text{fill:currentColor}
.title{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-weight:600}
.note{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#595959}
.frame text{fill:#1b1b1b;pointer-events:none}
.frame:hover rect{stroke:#1b1b1b}
.incomplete rect{fill:#b3261e}.incomplete text{fill:#fff;font-family:system-ui,sans-serif;font-weight:600}
@media (prefers-color-scheme:dark){svg{background:#16181c;color:#e8e8e8}.note{fill:#a8adb5}.frame:hover rect{stroke:#fff}}
`;

/** Writes the picture, in pieces. */
export function* svgDocument(
  boxes: Boxes,
  options: ResolvedRendererOptions,
  incomplete: Incomplete | undefined,
): Generator<string> {
  const { width, height, fontsize, title, subtitle, countname, inverted } = options;
  const bandHeight = incomplete ? height + 8 : 0;
  const top = MARGIN * 2 + fontsize * 1.5 + (subtitle === undefined ? 0 : fontsize * 1.6) + bandHeight;
  const levels = boxes.depth + 1;
  const bottom = fontsize + MARGIN * 2;
  const total = top + levels * height + bottom;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${round(total)}" width="100%" preserveAspectRatio="xMidYMin" role="img" aria-labelledby="title">\n`;
  yield `<title id="title">${escapeXml(title)}</title>\n<style>${STYLE}</style>\n`;
  yield textLine('title', width / 2, MARGIN + fontsize * 1.4, fontsize * 1.4, 'middle', title);
  if (subtitle !== undefined)
    yield textLine('note', width / 2, MARGIN + fontsize * 3, fontsize, 'middle', subtitle);
  if (incomplete) yield incompleteBand(incomplete, options, top - bandHeight);
  const level = (depth: number): number => top + (inverted ? depth : levels - 1 - depth) * height;
  const scale = (width - MARGIN * 2) / boxes.total;
  yield* box('all', MARGIN, level(0), width - MARGIN * 2, boxes.total, boxes.total, options);
  for (let i = boxes.names.length - 1; i >= 0; i--) {
    const weight = boxes.weights[i]!;
    const x = MARGIN + boxes.starts[i]! * scale;
    yield* box(boxes.names[i]!, x, level(boxes.depths[i]! + 1), weight * scale, weight, boxes.total, options);
  }
  const dropped =
    boxes.dropped > 0 ? `; ${boxes.dropped} boxes narrower than ${options.minwidth} not drawn` : '';
  const note = `${number(boxes.total)} ${countname}; a box is a function, its width its share, left to right is no time${dropped}`;
  yield textLine('note', MARGIN, round(total - MARGIN), fontsize, 'start', note);
  yield '</svg>\n';
}

function* box(
  name: string,
  x: number,
  y: number,
  width: number,
  weight: number,
  total: number,
  { height, fontsize, countname }: ResolvedRendererOptions,
): Generator<string> {
  const share = ((100 * weight) / total).toFixed(2);
  yield `<g class="frame"><title>${escapeXml(name)} (${number(weight)} ${escapeXml(countname)}, ${share} %)</title>`;
  yield `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height - 1}" rx="1" fill="${colorOf(name)}"/>`;
  const label = shorten(name, Math.floor((width - 6) / (fontsize * GLYPH)));
  if (label) {
    yield `<text x="${round(x + 3)}" y="${round(y + height / 2 + fontsize * 0.35)}" font-size="${fontsize}">${escapeXml(label)}</text>`;
  }
  yield '</g>\n';
}

/** As much of the name as fits into so many glyphs; nothing where that says nothing. */
function shorten(name: string, glyphs: number): string {
  const points = Array.from(name.slice(0, glyphs * 2 + 2));
  if (points.length <= glyphs) return name;
  return glyphs < 3 ? '' : `${points.slice(0, glyphs - 1).join('')}…`;
}

function incompleteBand(
  incomplete: Incomplete,
  { width, height, fontsize }: ResolvedRendererOptions,
  y: number,
): string {
  const lost = Array.from(incomplete, ([what, count]) => `${number(count)} ${what}`).join(', ');
  const text = textLine(
    '',
    width / 2,
    y + height / 2 + fontsize * 0.35,
    fontsize,
    'middle',
    `Incomplete: ${lost}`,
  );
  return `<g class="incomplete"><rect x="${MARGIN}" y="${round(y)}" width="${width - MARGIN * 2}" height="${height}" rx="2"/>${text}</g>\n`;
}

function textLine(style: string, x: number, y: number, size: number, anchor: string, text: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}" font-size="${round(size)}" text-anchor="${anchor}">${escapeXml(text)}</text>\n`;
}

/** Weights may be decimal: they are summed as they are and shown rounded. */
function number(weight: number): string {
  return String(Math.round(weight)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Two decimals are a hundredth of a pixel. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
