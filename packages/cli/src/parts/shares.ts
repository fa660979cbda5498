import { closeSync, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import { pathOf } from '../io/file-names.ts';
import { packingOf } from '../io/unpack.ts';
import type { Range } from './ranges.ts';

/** Part of a file, or complete files that are read one after the other. */
export type Piece = PartPiece | FilesPiece;

export interface PartPiece {
  readonly kind: 'part';
  /** The file's descriptor. All threads read from it, each at its own offset. */
  readonly descriptor: number;
  readonly range: Range;
  /** The trace's header line with its line feed; empty if there is no header. */
  readonly header: string;
}

export interface FilesPiece {
  readonly kind: 'files';
  readonly files: readonly string[];
}

/** A file that is split so that several threads can read it. */
export interface CutFile {
  readonly file: string;
  readonly descriptor: number;
  /** The file's state before it was read. */
  readonly stats: BigIntStats;
}

/** Finds the offsets where one kind of file can be split. */
export interface Cutter<Cut extends CutFile> {
  /** Examines a file that begins with the bytes in `head`. Returns `undefined` if the file cannot be split. */
  open(file: string, descriptor: number, head: Uint8Array): Omit<Cut, keyof CutFile> | undefined;
  /** Moves each given offset forward to where the file can next be split, and returns the ranges between them. */
  rangesOf(cut: Cut, places: readonly number[]): readonly Range[];
  /** Returns the header to read before each part; empty if there is none. */
  headerOf(cut: Cut): string;
}

/** The input files, divided among threads. */
export interface Shares<Cut extends CutFile> {
  readonly shares: readonly (readonly Piece[])[];
  /** The files that are split, by descriptor. */
  readonly cutFiles: ReadonlyMap<number, Cut>;
  readonly size: number;
  close(): void;
}

/** Approximate ratio of a compressed file's decompressed size to its compressed size. */
const PACKED = 10;
const HEAD = 4096;

/**
 * Divides files among threads, in order and with about the same number of bytes for each thread. A file at the boundary
 * between two threads is split if possible; otherwise one of the two reads the complete file. Returns `undefined`
 * if there is work for only one thread, or if one of the files is not a regular file or cannot be opened.
 */
export function shareOut<Cut extends CutFile>(
  files: readonly string[],
  jobs: number,
  cutter: Cutter<Cut>,
): Shares<Cut> | undefined {
  const sizes: number[] = [];
  const open = new Map<number, Cut>();
  const close = (): void => open.forEach(({ descriptor }) => closeSync(descriptor));
  for (const file of files) {
    const size = workOf(file);
    if (size === undefined) return undefined;
    sizes.push(size);
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shares: Piece[][] = [[]];
  let begin = 0;
  let boundary = 1;
  for (const [i, file] of files.entries()) {
    const end = begin + sizes[i]!;
    const inside: number[] = [];
    for (; boundary < jobs && (total * boundary) / jobs < end; boundary++)
      inside.push((total * boundary) / jobs - begin);
    const cut = inside.length > 0 ? openToCut(file, cutter) : undefined;
    const ranges = cut ? cutter.rangesOf(cut, inside) : [];
    if (cut && ranges.length > 1) {
      open.set(cut.descriptor, cut);
      const { descriptor } = cut;
      const header = cutter.headerOf(cut);
      for (const [part, range] of ranges.entries()) {
        if (part > 0) shares.push([]);
        shares.at(-1)!.push({ kind: 'part', descriptor, range, header });
      }
    } else {
      if (cut) closeSync(cut.descriptor);
      addWhole(shares.at(-1)!, file);
      if (inside.length > 0) shares.push([]);
    }
    begin = end;
  }
  const filled = shares.filter((share) => share.length > 0);
  if (filled.length > 1) return { shares: filled, cutFiles: open, size: total, close };
  close();
  return undefined;
}

function addWhole(share: Piece[], file: string): void {
  const last = share.at(-1);
  if (last?.kind === 'files') share[share.length - 1] = { kind: 'files', files: [...last.files, file] };
  else share.push({ kind: 'files', files: [file] });
}

/** Estimates a file's decompressed size. Returns `undefined` if it is not a regular file or cannot be opened. */
function workOf(file: string): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(pathOf(file), 'r');
  } catch {
    return undefined;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return undefined;
    return packingOf(headOf(descriptor)) ? stats.size * PACKED : stats.size;
  } finally {
    closeSync(descriptor);
  }
}

function openToCut<Cut extends CutFile>(file: string, cutter: Cutter<Cut>): Cut | undefined {
  const descriptor = openSync(pathOf(file), 'r');
  const opened = cutter.open(file, descriptor, headOf(descriptor));
  if (opened) return { ...opened, file, descriptor, stats: fstatSync(descriptor, { bigint: true }) } as Cut;
  closeSync(descriptor);
  return undefined;
}

/**
 * Describes how a file changed while it was being read, with the same wording as for inputs that are read in one
 * thread.
 */
export function whatChanged(name: string, { descriptor, stats }: CutFile): string | undefined {
  const { size, mtimeNs } = fstatSync(descriptor, { bigint: true });
  if (size === stats.size && mtimeNs === stats.mtimeNs) return undefined;
  const how = size === stats.size ? 'was written to' : `changed from ${stats.size} to ${size} bytes`;
  return `${name} ${how} while it was being read; read it again when it is complete`;
}

function headOf(descriptor: number): Uint8Array {
  const head = Buffer.alloc(HEAD);
  return head.subarray(0, readSync(descriptor, head, 0, HEAD, 0));
}
