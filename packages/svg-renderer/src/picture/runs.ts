import { lowerBound, type Layout } from './layout.ts';

/** Boxes narrower than this, in px, have no element; those of the same row and colour share one path. */
export const OWN_ELEMENT: number = 10;
/** Neighbours narrower than this merge into runs of up to `RUN_LENGTH` px: 26,000 boxes become about 9,000 runs. */
const RUN_BELOW = 1;
const RUN_LENGTH = 4;

/** Numbers of colours by name or by box. Boxes with a negative one are left out. */
export interface Coloring {
  readonly colorIds: ArrayLike<number>;
  readonly colorsBy: 'name' | 'box';
}

/** A path of runs of the same colour, in hundredths of a px across. */
export interface RunPath {
  readonly color: number;
  readonly d: string;
}

/**
 * Rows that share a path. Each path costs the browser style and layout, but it repaints whole paths where a part of
 * the picture changes.
 */
const ROWS_OF_PATH = 4;

/** Collects runs, row by row. */
export class Runs {
  readonly paths: RunPath[] = [];
  readonly #height: number;
  #rows = 0;
  #y = '';
  /** By colour. */
  #open: string[] = [];
  /** What follows the x of a run, by its width in hundredths of a px. Few widths occur, but they occur often. */
  readonly #ends: string[] = [];

  /** @param height of a run, in px */
  constructor(height: number) {
    this.#height = height;
  }

  /** Call it before the runs of a row are added. */
  begin(y: number): void {
    if (this.#rows++ % ROWS_OF_PATH === 0) this.finish();
    this.#y = ` ${y}h`;
  }

  /** With x and width in hundredths of a px, because whole numbers are shorter and faster to write and read. */
  add(color: number, x: number, right: number): void {
    if (right <= x) return;
    const width = Math.max(10, Math.round((right - x) * 100));
    const end = (this.#ends[width] ??= `${width}v${this.#height}h-${width}z`);
    this.#open[color] = `${this.#open[color] ?? ''}M${Math.round(x * 100)}${this.#y}${end}`;
  }

  /** Call it after the last row. */
  finish(): void {
    for (const [color, d] of this.#open.entries()) if (d !== undefined) this.paths.push({ color, d });
    this.#open = [];
  }
}

/**
 * Adds the narrow boxes of a row within the zoomed box to runs, and returns the positions of the wide ones in the row.
 * This is the loop over all boxes. It runs once at each zoom, before the browser has compiled it, so it has neither
 * calls nor closures for a single box.
 *
 * @param scale px by unit of width
 */
export function addRuns(
  { starts, widths, ends, rows, tree }: Layout,
  depth: number,
  zoom: number,
  scale: number,
  { colorIds, colorsBy }: Coloring,
  runs: Runs,
): number[] {
  const row = rows[depth]!;
  const last = lowerBound(row, ends[zoom]!);
  const from = starts[zoom]!;
  const byName = colorsBy === 'name';
  const wide: number[] = [];
  let start = 0;
  let end = -1;
  let color = 0;
  let widest = 0;
  let isClosed = true;
  for (let at = lowerBound(row, zoom); at < last; at++) {
    const box = row[at]!;
    const width = widths[box]! * scale;
    if (width >= OWN_ELEMENT) {
      wide.push(at);
      continue;
    }
    const colorOfBox = colorIds[byName ? tree.nameIds[box]! : box]!;
    if (colorOfBox < 0) {
      isClosed = true;
      continue;
    }
    const x = (starts[box]! - from) * scale;
    if (isClosed || width >= RUN_BELOW || x - end >= 0.5 || end - start >= RUN_LENGTH) {
      runs.add(color, start, end);
      start = x;
      widest = 0;
    }
    isClosed = width >= RUN_BELOW;
    // a gap of half a px separates neighbours
    end = x + (width < 2 ? width : width - 0.5);
    if (width > widest) {
      widest = width;
      color = colorOfBox;
    }
  }
  runs.add(color, start, end);
  return wide;
}
