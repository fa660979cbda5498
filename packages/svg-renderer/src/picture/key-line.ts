import { round } from './draw.ts';
import { MARGIN, textLine } from './text-line.ts';

export const KEY_HEIGHT = 18;

/** A colour and its meaning. */
export interface KeyEntry {
  readonly color: string;
  readonly text: string;
}

/** Draws the colour key in one line. */
export function keyLine(key: readonly KeyEntry[], y: number): string {
  let x = MARGIN;
  return key
    .map(({ color, text }) => {
      const square = `<rect x="${round(x)}" y="${y - 9}" width="10" height="10" fill="${color}"/>`;
      const entry = square + textLine('note', x + 15, y, 12, text);
      x += 15 + text.length * 7 + 18;
      return entry;
    })
    .join('');
}
