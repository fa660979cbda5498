import { round } from './draw.ts';
import { escapeXml } from './escape.ts';

/** Room beside everything that is not a box, in px. */
export const MARGIN = 10;

/** A line of text beside the boxes. */
export function textLine(style: string, x: number, y: number, size: number, text: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}" font-size="${round(size)}">${escapeXml(text)}</text>\n`;
}
