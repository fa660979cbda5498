import { UNKNOWN, type Frame, type FrameTable } from '@stapflame/stacks';
import type { NameDictionary, Ranking } from './dictionary.ts';
import { nameToFrame, nameToLabel } from './frame-name.ts';
import { NameListReader, type NameList } from './name-list.ts';

/** Returns the name with this rank. Ranks begin at 1. */
type NameAt = (rank: number) => Uint8Array;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Number of pages of names to keep in memory (256 KiB). Neighbouring stacks have names from the same program, and such
 * names are close together in the list. A picture with 277,000 names took seven seconds of CPU time; with only one
 * page, it took 1.1 times as much.
 */
const PAGES = 64;

/** Batches outlive the folder, so the file of names is removed only when their frame table is garbage-collected. */
const unused = new FinalizationRegistry<NameList>(({ file }) => file.remove());

/** The merged stacks' frames. A frame's number is the rank of its name; ranks begin at 1. */
class MergedFrames implements FrameTable {
  readonly inOrder = true;
  readonly size: number;
  readonly #nameAt: NameAt;

  constructor(size: number, nameAt: NameAt) {
    this.size = size;
    this.#nameAt = nameAt;
  }

  label(id: number): string {
    return id === 0 ? UNKNOWN : nameToLabel(this.#name(id));
  }

  frame(id: number): Frame {
    return id === 0 ? { label: UNKNOWN } : nameToFrame(this.#name(id));
  }

  #name(id: number): string {
    return decoder.decode(this.#nameAt(id));
  }
}

/** Returns a table of frames whose names are in memory. The dictionary must not change afterwards. */
export function framesInMemory(names: NameDictionary, { order }: Ranking): FrameTable {
  return new MergedFrames(names.size, (rank) => names.name(order[rank]!));
}

/** Returns a table of frames whose names are on disk. */
export function framesOnDisk(list: NameList): FrameTable {
  const reader = new NameListReader(list, PAGES);
  const frames = new MergedFrames(list.size + 1, (rank) => {
    reader.seek(rank - 1);
    return reader.bytes.subarray(0, reader.length);
  });
  unused.register(frames, list);
  return frames;
}
