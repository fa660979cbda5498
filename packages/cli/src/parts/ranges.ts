import { fstatSync, readSync } from 'node:fs';
import { findCut, SHAPE_BYTES, shapeOf, trailerLength, type TraceShape } from '@stapflame/stap-parser/parts';

/** A part of a file, from the byte at `from` up to, but not including, the byte at `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where the header, the records and the trailer are in a trace file. */
export interface Outline {
  readonly shape: TraceShape;
  /** The range that contains the records. */
  readonly records: Range;
  /** The trailer's text; empty if the trace has no trailer. */
  readonly trailer: string;
}

/** A trace file that is split at record boundaries. */
export interface CutTrace extends Outline {
  /** The parts' ranges, which together cover everything between the header and the trailer. */
  readonly ranges: readonly Range[];
}

const TAIL = 4096;
/**
 * Number of bytes to search for the end of a record, at first and at most. If no record ends within MOST bytes, there
 * is one fewer part.
 */
const WINDOW = 1 << 18;
const MOST = 1 << 26;

/** Returns the outline of an open trace file, or `undefined` if the trace cannot be split. */
export function outlineOf(descriptor: number): Outline | undefined {
  const { size } = fstatSync(descriptor);
  const shape = shapeOf(read(descriptor, 0, Math.min(size, SHAPE_BYTES)));
  if (!shape) return undefined;
  const tail = read(descriptor, Math.max(shape.headerLength, size - TAIL), size);
  const trailer = tail.subarray(tail.length - trailerLength(tail)).toString('latin1');
  return { shape, trailer, records: { from: shape.headerLength, to: size - trailer.length } };
}

/** Splits an open trace file into at most `parts` parts of similar size; returns `undefined` if it cannot be split. */
export function cutTrace(descriptor: number, parts: number): CutTrace | undefined {
  const outline = outlineOf(descriptor);
  if (!outline) return undefined;
  const { from, to } = outline.records;
  const places = Array.from({ length: parts - 1 }, (_, i) => from + ((to - from) * (i + 1)) / parts);
  return { ...outline, ranges: cutAt(descriptor, outline, places) };
}

/**
 * Moves each of the given offsets forward to the end of the next record, and returns the ranges between them. Offsets
 * after the end of the last record are ignored.
 */
export function cutAt(
  descriptor: number,
  { shape, records: { from, to } }: Outline,
  places: readonly number[],
): readonly Range[] {
  const cuts = [from];
  for (const place of places) {
    const target = Math.floor(place);
    if (target <= cuts.at(-1)!) continue;
    const cut = cutAfter(descriptor, target, to, shape);
    if (cut !== undefined && cut < to) cuts.push(cut);
  }
  return cuts.map((begin, i) => ({ from: begin, to: cuts[i + 1] ?? to }));
}

function cutAfter(descriptor: number, target: number, to: number, shape: TraceShape): number | undefined {
  for (let window = WINDOW; window <= MOST; window *= 4) {
    const end = Math.min(target + window, to);
    const cut = findCut(read(descriptor, target, end), 0, shape);
    if (cut >= 0) return target + cut;
    if (end === to) return undefined;
  }
  return undefined;
}

function read(descriptor: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  let length = 0;
  while (length < bytes.length) {
    const more = readSync(descriptor, bytes, length, bytes.length - length, from + length);
    if (more === 0) break;
    length += more;
  }
  return bytes.subarray(0, length);
}
