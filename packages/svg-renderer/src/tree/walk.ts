import type { StackBatch } from '@stapflame/stacks';
import type { Boxes } from './boxes.ts';

/** What the boxes are made for. */
export interface WalkOptions {
  /** Least share of the whole that is drawn. */
  readonly least: number;
  /** The picture is part of so much weight, where that is more than its own. */
  readonly whole: number;
  /** Levels that are drawn. */
  readonly maxDepth: number;
}

/** Makes boxes of stacks. There is one for stacks that come in order, and one for stacks in any order. */
export interface StackWalk {
  /** Adds the stacks of a batch. */
  add(batch: StackBatch): void;
  /** There are no more stacks. */
  finish(): Boxes;
  /** Stacks added, how many differ (in order: from the one before), and the sum of their weights. */
  readonly stacks: number;
  readonly distinct: number;
  readonly weight: number;
  /** Frames of the deepest stack. */
  readonly deepest: number;
}
