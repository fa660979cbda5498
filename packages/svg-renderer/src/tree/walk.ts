import type { StackBatch } from '@stapflame/stacks';
import type { Boxes } from './boxes.ts';

/** Limits on the picture. */
export interface WalkOptions {
  /** Minimum share of the total for a box to be drawn. */
  readonly least: number;
  /** Weight represented by the full width, if it is more than the sum. */
  readonly whole: number;
  /** Maximum number of levels. */
  readonly maxDepth: number;
  /** Maximum number of boxes. */
  readonly maxBoxes: number;
}

/**
 * Turns stacks into boxes. One implementation requires sorted stacks or stacks in time order. The other accepts stacks
 * in any order.
 */
export interface StackWalk {
  /** Adds the stacks of a batch. */
  add(batch: StackBatch): void;
  /** Returns the boxes when there are no more stacks. */
  finish(): Boxes;
  /** Number of stacks added. */
  readonly stacks: number;
  /** Number of distinct stacks. */
  readonly distinct: number;
  /** Sum of the stacks' weights. */
  readonly weight: number;
  /** Depth of the deepest stack. */
  readonly deepest: number;
}
