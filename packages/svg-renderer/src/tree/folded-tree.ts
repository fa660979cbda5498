import type { Boxes } from './boxes.ts';

/** What the tree is made for. */
export interface TreeOptions {
  /** How the stacks come: sorted frame by frame, in the order of time, which is kept, or in any order. */
  readonly order: 'sorted' | 'as it comes' | 'any';
  /** Least share of the whole that is drawn. */
  readonly least: number;
  /** Levels of frames that are drawn. */
  readonly maxDepth: number;
  /** Longest line in bytes. */
  readonly maxLineLength: number;
  /** The picture is part of so much weight, where that is more than its own. */
  readonly whole: number;
  /** Merge from the leaf; for any order. */
  readonly reverse: boolean;
  /** Only stacks with this frame, from it on; for any order. */
  readonly base: string | undefined;
}

/**
 * Reads folded text and keeps what can be drawn of it: most of the work. Two implementations
 * behave alike: the readable one in `reference.ts` and the WebAssembly one in `wasm.ts`.
 */
export interface FoldedTree {
  /** Room for the next bytes. */
  space(): Uint8Array;
  /** So many bytes were put at the start of the last `space()`; lines may be cut anywhere. */
  advance(length: number): void;
  /** The input ends here; a last line without line end counts. Then, the boxes. */
  finish(): Boxes;
  /** Stacks read, how many differ (in order: from the one before), and the sum of their weights. */
  readonly stacks: number;
  readonly distinct: number;
  readonly weight: number;
}

/** Most frames of a tree of unsorted stacks: 40 MB. */
export const MAX_FRAMES: number = 1 << 20;
/** Bytes read at once: what is scanned is still in the cache. */
export const PIECE: number = 1 << 16;
