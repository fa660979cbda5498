import { escapeXml } from '../src/picture/escape.ts';
import { keyLine, type KeyEntry } from '../src/picture/key-line.ts';
import { MARGIN, textLine } from '../src/picture/text-line.ts';
import { html } from './html.ts';

const SVG = 'http://www.w3.org/2000/svg';
const LINE = 18;
const SCALE = 2;
/** Maximum width and height of a PNG, in px. Browsers do not draw larger canvases. */
const MOST_SIDE = 16_384;
/**
 * How long a saved file stays in memory. Some time may pass between the click and the moment when the browser reads the
 * file.
 */
const KEPT_MILLISECONDS = 60_000;

/** The content of a saved picture. */
export interface Sight {
  readonly boxes: SVGGElement;
  readonly width: number;
  /** Height of the boxes in px. */
  readonly height: number;
  readonly title: string;
  /** Lines between the title and the boxes. */
  readonly above: readonly string[];
  /** Lines below the boxes. */
  readonly below: readonly string[];
  readonly key: readonly KeyEntry[];
}

/** Returns the boxes as an SVG, as currently shown, in the colours of the user's theme. */
export function stillPicture(root: SVGSVGElement, sight: Sight): string {
  const { boxes, width, height, title, key } = sight;
  const above = sight.above.filter((text) => text !== '');
  const below = sight.below.filter((text) => text.trim() !== '');
  const theme = getComputedStyle(root);
  const colorOf = (name: string, usual: string): string =>
    `${name}:${theme.getPropertyValue(name).trim() || usual}`;
  const colors = [
    colorOf('--paper', '#fff'),
    colorOf('--ink', '#1d1f23'),
    colorOf('--dim', '#5a5f68'),
    colorOf('--stroke', theme.getPropertyValue('--paper').trim() || '#fff'),
  ];
  const copy = boxes.cloneNode(true) as SVGGElement;
  const top = 34 + above.length * LINE;
  copy.setAttribute('transform', `translate(${MARGIN} ${top})`);
  const lines = [
    textLine('title', MARGIN, 24, 18, title),
    ...above.map((text, i) => textLine('note', MARGIN, 42 + i * LINE, 12, text)),
    ...below.map((text, i) => textLine('note', MARGIN, top + height + (i + 1) * LINE, 12, text)),
    keyLine(key, top + height + (below.length + 1) * LINE),
  ];
  const bottom = top + height + (below.length + (key.length > 0 ? 1 : 0)) * LINE + MARGIN;
  return `<svg xmlns="${SVG}" class="stapflame" width="${width}" height="${bottom}" viewBox="0 0 ${width} ${bottom}" style="${escapeXml(colors.join(';'))}"><title>${escapeXml(title)}</title><style>${root.querySelector('style')!.textContent}</style>${lines.join('')}${new XMLSerializer().serializeToString(copy)}</svg>\n`;
}

/** Converts an SVG to a PNG. The promise is rejected if the page does not allow images. */
export async function pixelsOf(svg: string): Promise<Blob> {
  const image = html('img', 'image');
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const { width, height } = image;
  const scale = Math.min(SCALE, MOST_SIDE / Math.max(width, height));
  const canvas = html('canvas', 'canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))));
  });
}

/** Makes the browser save a file. */
export function save(name: string, content: Blob): void {
  const link = html('a', 'file');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MILLISECONDS);
}
