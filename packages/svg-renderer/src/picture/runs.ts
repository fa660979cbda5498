import { lowerBound, type Layout } from './layout.ts';

/** Boxes narrower than this, in px, have no elements of their own. Narrow boxes with the same colour share a path. */
export const OWN_ELEMENT: number = 10;
/**
 * Adjacent boxes narrower than this, in px, are merged into runs of up to `RUN_LENGTH` px. For example, this turns
 * 26,000 boxes into about 9,000 runs.
 */
const RUN_BELOW = 1;
const RUN_LENGTH = 4;

/** Colour numbers of names or boxes. Boxes with negative numbers are left out. */
export interface Coloring {
  readonly colorIds: ArrayLike<number>;
  readonly colorsBy: 'name' | 'box';
}

/** A path that draws runs of one colour. Its horizontal distances are in hundredths of a pixel. */
export interface RunPath {
  readonly color: number;
  readonly d: string;
}

/**
 * Number of rows that share a path. With fewer rows, there are more paths, which cost the browser more style and layout
 * work. With more rows, the browser must repaint longer paths when part of the picture changes.
 */
const ROWS_OF_PATH = 4;

/** Collects runs row by row. */
export class Runs {
  readonly paths: RunPath[] = [];
  readonly #height: number;
  #rows = 0;
  #y = '';
  /** The unfinished paths, by colour. */
  #open: string[] = [];
  /**
   * The path text after a run's x coordinate, cached by width (in hundredths of a pixel) because few different widths
   * occur.
   */
  readonly #ends: string[] = [];

  /** @param height height of a run, in px */
  constructor(height: number) {
    this.#height = height;
  }

  /** Starts a row. Call this before adding the row's runs. */
  begin(y: number): void {
    if (this.#rows++ % ROWS_OF_PATH === 0) this.finish();
    this.#y = ` ${y}h`;
  }

  /**
   * Adds a run. Its path is in hundredths of a pixel, because whole numbers are shorter and faster to write and read.
   */
  add(color: number, x: number, right: number): void {
    if (right <= x) return;
    const width = Math.max(10, Math.round((right - x) * 100));
    const end = (this.#ends[width] ??= `${width}v${this.#height}h-${width}z`);
    this.#open[color] = `${this.#open[color] ?? ''}M${Math.round(x * 100)}${this.#y}${end}`;
  }

  /** Ends the paths. Call this after the last row. */
  finish(): void {
    for (const [color, d] of this.#open.entries()) if (d !== undefined) this.paths.push({ color, d });
    this.#open = [];
  }
}

/**
 * Of the boxes in a row that lie within the zoomed box, adds the narrow ones to the runs and returns the positions of
 * the wide ones in the row. All boxes pass through the loop in this function. Since the function runs only once per
 * zoom, the browser does not optimise it, so the loop avoids calls and closures for single boxes.
 *
 * @param scale px per unit of width
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
    // leave a gap of half a pixel between neighbours
    end = x + (width < 2 ? width : width - 0.5);
    if (width > widest) {
      widest = width;
      color = colorOfBox;
    }
  }
  runs.add(color, start, end);
  return wide;
}
