import { round } from './draw.ts';
import { escapeXml } from './escape.ts';

/** Margin on the left and on the right, in px. */
export const MARGIN = 10;

/** Draws a line of text above or below the boxes. */
export function textLine(style: string, x: number, y: number, size: number, text: string): string {
  return `<text class="${style}" x="${round(x)}" y="${round(y)}" font-size="${round(size)}">${escapeXml(text)}</text>\n`;
}
