import { forTerminal } from '@stapflame/stacks';
import type { ResolvedTextOptions } from '../options.ts';

/** The cells of a line, and the share that determines the line's colour. */
export interface Line {
  readonly cells: readonly string[];
  readonly share?: number;
}

export interface ColumnHead {
  readonly title: string;
  /** Whether the column contains text, which is left-aligned. Numbers are right-aligned. */
  readonly isText?: boolean;
}

const BOLD = '1';
const RED = '31';
const GREEN = '32';
/** The minimum share for a red line, and the minimum share for a green line. Both are the same as in perf. */
const MUCH = 0.05;
const SOME = 0.005;

/** Characters with a special meaning in Markdown. */
const MARKS = /[\\`*_{}[\]<>|~&#!]/g;
/** Characters that take up two terminal columns: East Asian characters and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Formats a table with a heading row as text or as Markdown. */
export function tableLines(
  heads: readonly ColumnHead[],
  lines: readonly Line[],
  options: ResolvedTextOptions,
): string[] {
  const titles = heads.map(({ title }) => title);
  if (options.format === 'markdown') {
    const rows = lines.map(({ cells }) => cells.map((cell) => forTerminal(cell).replace(MARKS, '\\$&')));
    const rule = heads.map(({ isText }) => (isText === true ? ':---' : '---:'));
    return [titles, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  }
  const all = [titles, ...lines.map(({ cells }) => cells.map(forTerminal))];
  const widths = heads.map((_, i) => Math.max(...all.map((cells) => cells[i]!.length)));
  return all.map((cells, at) => {
    const padded = cells.map((cell, i) =>
      heads[i]!.isText === true ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
    );
    const text = clipped(padded.join('  ').trimEnd(), options.width);
    return at === 0 ? coloured(text, BOLD, options) : tinted(text, lines[at - 1]!.share, options);
  });
}

/** Colours a line according to its share. */
export function tinted(text: string, share: number = 0, options: ResolvedTextOptions): string {
  return share < SOME ? text : coloured(text, share < MUCH ? GREEN : RED, options);
}

function coloured(text: string, colour: string, { colours }: ResolvedTextOptions): string {
  return colours ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

/** Shortens a string to `width` columns. A shortened string ends with `…`. */
export function clipped(text: string, width: number = Infinity): string {
  if (text.length * 2 <= width) return text;
  let used = 0;
  let fits = 0;
  for (const char of text) {
    used += WIDE.test(char) ? 2 : 1;
    if (used > width) return `${text.slice(0, fits)}…`;
    if (used < width) fits += char.length;
  }
  return text;
}
