import { closeSync, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { EXACT_MAX, SortedSurveyor, type SortedSurvey, type TextSource } from '@stapflame/stacks';
import { CliError, Exit } from '../exit.ts';
import { pathOf } from '../io/file-names.ts';
import { openInputs, reasonNotOpened, STDIN, type Input } from '../io/inputs.ts';
import { onFirstSignal } from '../io/signals.ts';
import { keepHeapSmall } from '../io/small-heap.ts';
import { packingOf } from '../io/unpack.ts';
import { forTerminal } from '../terminal.ts';
import { rootOf, type Shard } from './shard.ts';
import type { RootedText, Text } from './texts.ts';
import { UnpackedTexts } from './unpacked-texts.ts';

/** A file that was read once, and what was found in it. */
interface SortedFile {
  readonly shard: Shard;
  readonly survey: SortedSurvey;
}

/** The result of reading all files once. */
export interface Surveyed {
  readonly sorted: readonly SortedFile[];
  /** The inputs to merge. */
  readonly texts: readonly RootedText[];
  /** One message for each file that is lost or truncated. */
  readonly problems: readonly string[];
  /** Removes temporary files. */
  close(): void;
}

/** Progress of reading the files. Each file is read twice, so each pass counts for half of its bytes. */
export interface Reading {
  bytesRead: number;
  size: number | undefined;
}

/**
 * Reads the files to check that each is sorted, and decompresses them if necessary. Returns `undefined` as soon as it
 * is clear that lines cannot be merged directly: if a file is not sorted or cannot be read twice, or if the sum of all
 * counts is too large for exact numbers. After a signal, the remaining files are not read, and count as lost.
 */
export async function surveyFiles(
  shards: readonly Shard[],
  tmpdir: string | Uint8Array | undefined,
  reading: Reading,
): Promise<Surveyed | undefined> {
  const survey = new Survey(tmpdir, reading);
  let surveyed: Surveyed | undefined;
  let signal: NodeJS.Signals | undefined;
  const release = onFirstSignal((received) => (signal = received));
  try {
    for (const shard of shards) {
      // Signals are handled here, between two files.
      await setImmediate();
      if (signal !== undefined)
        survey.problems.push(
          `${forTerminal(shard.file)} is lost: ${signal} interrupted reading before it was read`,
        );
      else if (!(await survey.add(shard))) return undefined;
    }
    surveyed = survey;
    return surveyed;
  } finally {
    release();
    if (!surveyed) survey.close();
  }
}

class Survey implements Surveyed {
  readonly sorted: SortedFile[] = [];
  readonly problems: string[] = [];
  readonly #surveyor = new SortedSurveyor();
  readonly #plain: RootedText[] = [];
  readonly #unpacked: UnpackedTexts;
  readonly #reading: Reading;
  #weight = 0;

  constructor(tmpdir: string | Uint8Array | undefined, reading: Reading) {
    this.#unpacked = new UnpackedTexts(tmpdir);
    this.#reading = reading;
  }

  get texts(): readonly RootedText[] {
    return [...this.#plain, ...this.#unpacked.texts];
  }

  close(): void {
    this.#unpacked.remove();
  }

  /** Reads a file. Returns `false` if its lines cannot be merged directly. */
  async add(shard: Shard): Promise<boolean> {
    const { file } = shard;
    if (file === STDIN) return false;
    let descriptor: number;
    try {
      descriptor = openSync(pathOf(file), 'r');
    } catch (error) {
      this.problems.push(`${forTerminal(file)} is lost: ${reasonNotOpened(error)}`);
      return true;
    }
    try {
      const stats = fstatSync(descriptor, { bigint: true });
      if (!stats.isFile()) return false;
      if (stats.size > 0n) {
        if (isPacked(descriptor)) return await this.#addPacked(shard);
        return this.#addPlain(shard, descriptor, stats);
      }
      this.problems.push(empty(file));
      return true;
    } finally {
      closeSync(descriptor);
    }
  }

  #addPlain(shard: Shard, descriptor: number, stats: BigIntStats): boolean {
    const { file } = shard;
    const survey = this.#surveyor.survey(sourceOf(file, descriptor, this.#reading));
    if (survey.isCut) this.problems.push(cut(file));
    this.#plain.push({ text: textOf(file, stats, this.#reading), root: rootOf(shard, survey.firstFacts) });
    return this.#keep({ shard, survey });
  }

  async #addPacked(shard: Shard): Promise<boolean> {
    const { file } = shard;
    const inputs: Input[] = [];
    const text = await this.#unpacked.unpack(unpackedPieces(file, inputs));
    const survey = this.#surveyor.survey(text.open().source);
    const brokenOff = inputs[0]?.brokenOff;
    if (brokenOff !== undefined) this.problems.push(brokenOff);
    else if (survey.isCut) this.problems.push(cut(file));
    const isLost = brokenOff !== undefined && survey.stacks === 0;
    if (isLost) return survey.isSorted;
    const isKept = this.#keep({ shard, survey });
    if (isKept) this.#unpacked.add({ text, root: rootOf(shard, survey.firstFacts) });
    return isKept;
  }

  #keep(file: SortedFile): boolean {
    this.sorted.push(file);
    this.#weight += file.survey.weight;
    return file.survey.isSorted && this.#weight <= EXACT_MAX;
  }
}

/** Returns the message for a truncated file, whose last line does not end in a line feed. */
export function cut(file: string): string {
  return `${forTerminal(file)} ends within its last line`;
}

/** Returns the message for an empty file, which counts as lost. */
export function empty(file: string): string {
  return `${forTerminal(file)} is lost: it is empty`;
}

function isPacked(descriptor: number): boolean {
  const head = Buffer.alloc(4);
  return packingOf(head.subarray(0, readSync(descriptor, head, 0, head.length, 0))) !== undefined;
}

const PIECE = 1 << 16;

/** Yields a compressed file's decompressed contents. A chunk is valid only until the next one is requested. */
async function* unpackedPieces(file: string, inputs: Input[]): AsyncGenerator<Uint8Array> {
  const piece = Buffer.allocUnsafe(PIECE);
  for await (const input of openInputs([file], inputs)) {
    for (;;) {
      const length = await input.read(piece);
      if (length === 0) break;
      yield piece.subarray(0, length);
    }
  }
}

function textOf(file: string, stats: BigIntStats, reading: Reading): Text {
  return {
    open() {
      const descriptor = openSync(pathOf(file), 'r');
      const refuseChange = (): void => {
        const now = fstatSync(descriptor, { bigint: true });
        if (now.ino === stats.ino && now.size === stats.size && now.mtimeNs === stats.mtimeNs) return;
        throw new CliError(
          Exit.IO,
          `${forTerminal(file)} was written to while it was being read; merge again when it is complete`,
        );
      };
      const source = sourceOf(file, descriptor, reading);
      refuseChange();
      return {
        source: {
          read(into) {
            const length = source.read(into);
            if (length === 0) refuseChange();
            return length;
          },
        },
        close: () => closeSync(descriptor),
      };
    },
  };
}

function sourceOf(file: string, descriptor: number, reading: Reading): TextSource {
  return {
    read(into) {
      try {
        const length = readSync(descriptor, into, 0, into.length, null);
        reading.bytesRead += length / 2;
        keepHeapSmall(reading.bytesRead);
        return length;
      } catch (error) {
        throw new CliError(Exit.IO, `cannot read ${forTerminal(file)}: ${(error as Error).message}`, error);
      }
    },
  };
}
