import { labelOf } from '@stapflame/stacks';

const ENTRY = /^(.*)->(?:rgb\((\d{1,3}), ?(\d{1,3}), ?(\d{1,3})\)|(#[0-9a-fA-F]{6}))\s*$/;

/** Each name's colour, as `#rrggbb`. */
export type PaletteMap = ReadonlyMap<string, string>;

/**
 * Parses a palette.map file, as written by flamegraph.pl: `name->rgb(r,g,b)` lines. If a line is invalid, returns the
 * line's number instead.
 */
export function parsePaletteMap(text: string): PaletteMap | number {
  const map = new Map<string, string>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = ENTRY.exec(line);
    if (!match) return i + 1;
    const [, name, red, green, blue, color] = match;
    const channels = [red, green, blue].map(Number);
    if (color === undefined && channels.some((channel) => channel > 255)) return i + 1;
    map.set(
      labelOf(name!),
      color ?? `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`,
    );
  }
  return map;
}

/** Returns the content of a palette.map file, sorted by name. */
export function formatPaletteMap(map: PaletteMap): string {
  const lines = Array.from(map, ([name, color]) => {
    const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
    return `${name}->rgb(${channels.join(',')})\n`;
  });
  return lines.toSorted((a, b) => (a < b ? -1 : 1)).join('');
}
