import { addressOf } from './address.ts';
import { CodeRanges } from './code-ranges.ts';

/** Maximum number of lines that are read. No JIT writes more. In a longer map, only the last lines are read. */
const MOST_LINES = 1 << 20;
/** Matches a function's start, size and name: `7f5f8e7c6a00 2c JS:*burn /srv/burn.js:3:14`. */
const LINE = /^(?:0x)?([0-9a-f]{1,16}) +(?:0x)?([0-9a-f]{1,16}) +(\S.*?)\s*$/i;

/** Whether the text looks like a perf map. */
export function isPerfMap(text: string): boolean {
  return LINE.test(text.slice(0, lineEnd(text, 0)));
}

/**
 * The functions that a JIT compiled and listed in `/tmp/perf-PID.map`. Lines that do not describe a function are
 * skipped.
 */
export class PerfMap {
  readonly #text: string;
  readonly #lineStarts: readonly number[];
  readonly #ranges: CodeRanges;

  constructor(text: string) {
    this.#text = text;
    const lineStarts: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (let at = beginOfLast(text, MOST_LINES); at < text.length; at = lineEnd(text, at) + 1) {
      const [, first, bytes] = this.#fields(at) ?? [];
      const [start, size] = [addressOf(first ?? ''), addressOf(bytes ?? '')];
      if (start === undefined || size === undefined || size <= 0) continue;
      lineStarts.push(at);
      starts.push(start);
      ends.push(start + size);
    }
    this.#lineStarts = lineStarts;
    this.#ranges = new CodeRanges(Float64Array.from(starts), Float64Array.from(ends));
  }

  /** Returns the name of the function that contains the address. */
  nameAt(address: number): string | undefined {
    const line = this.#ranges.find(address);
    return line === undefined ? undefined : this.#fields(this.#lineStarts[line]!)![3];
  }

  #fields(lineStart: number): RegExpExecArray | null {
    return LINE.exec(this.#text.slice(lineStart, lineEnd(this.#text, lineStart)));
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Returns the position where the last `lines` lines start. */
function beginOfLast(text: string, lines: number): number {
  let at = text.length;
  for (let i = 0; i <= lines && at > 0; i++) at = text.lastIndexOf('\n', at - 1);
  return at <= 0 ? 0 : at + 1;
}
