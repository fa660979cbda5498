import { closeSync, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import { kindAmong, STACKS, STAP } from '../inputs/table.ts';
import { pathOf } from '../io/file-names.ts';
import { packingOf } from '../io/unpack.ts';
import { cutAt, outlineOf, type Outline, type Range } from './ranges.ts';

/** A part of a trace, or whole files that one parser reads one after the other. */
export type Piece = PartPiece | FilesPiece;

export interface PartPiece {
  readonly kind: 'part';
  /** Descriptor of the trace. All threads read from it, each at another offset. */
  readonly descriptor: number;
  readonly range: Range;
  /** The header line of the trace with its line feed, or an empty text. */
  readonly header: string;
}

export interface FilesPiece {
  readonly kind: 'files';
  readonly files: readonly string[];
}

/** A file that is cut, so that several threads read it. */
export interface CutFile {
  readonly file: string;
  readonly descriptor: number;
  /** The state of the file before it was read. */
  readonly stats: BigIntStats;
  readonly outline: Outline;
}

/** What each thread reads. */
export interface Shares {
  readonly shares: readonly (readonly Piece[])[];
  /** By descriptor. */
  readonly cutFiles: ReadonlyMap<number, CutFile>;
  readonly size: number;
  close(): void;
}

/** About how many times larger a packed trace gets when it is unpacked. */
const PACKED = 10;
const HEAD = 4096;

/**
 * Divides files among threads: each gets about the same number of bytes, and threads read in the order of the files. A
 * trace in which one thread ends and the next begins is cut between two records if it can be; otherwise one of them
 * reads the whole. Returns `undefined` if there is work for only one thread, or a file cannot be read in this way.
 */
export function shareOut(files: readonly string[], jobs: number, kindIsGiven: boolean): Shares | undefined {
  const sizes: number[] = [];
  const open = new Map<number, CutFile>();
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
    const cut = inside.length > 0 ? openToCut(file, kindIsGiven) : undefined;
    const ranges = cut ? cutAt(cut.descriptor, cut.outline, inside) : [];
    if (cut && ranges.length > 1) {
      open.set(cut.descriptor, cut);
      const { descriptor, outline } = cut;
      const { header } = outline.shape;
      for (const [part, range] of ranges.entries()) {
        if (part > 0) shares.push([]);
        const piece = {
          kind: 'part',
          descriptor,
          range,
          header: header === '' ? '' : `${header}\n`,
        } as const;
        shares.at(-1)!.push(piece);
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

/** How much there is to read, in bytes of text; `undefined` if it is not a regular file or cannot be opened. */
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

function openToCut(file: string, kindIsGiven: boolean): CutFile | undefined {
  const descriptor = openSync(pathOf(file), 'r');
  const head = headOf(descriptor);
  const outline = kindIsGiven || isTrace(head) ? outlineOf(descriptor) : undefined;
  if (outline) return { file, descriptor, stats: fstatSync(descriptor, { bigint: true }), outline };
  closeSync(descriptor);
  return undefined;
}

/** Whether the start of a file looks like a trace of SystemTap. Unrecognised files are taken for one. */
export function isTrace(head: Uint8Array): boolean {
  return (kindAmong(STACKS, head) ?? STAP) === STAP;
}

function headOf(descriptor: number): Uint8Array {
  const head = Buffer.alloc(HEAD);
  return head.subarray(0, readSync(descriptor, head, 0, HEAD, 0));
}
