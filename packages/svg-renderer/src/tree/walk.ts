import type { StackBatch } from '@stapflame/stacks';
import type { Boxes } from './boxes.ts';

/** Limits of the drawing. */
export interface WalkOptions {
  /** The smallest share of the whole that is drawn. */
  readonly least: number;
  /** Weight that the full width stands for, if it is more than the sum. */
  readonly whole: number;
  /** Levels to draw. */
  readonly maxDepth: number;
  /** Boxes to draw. */
  readonly maxBoxes: number;
}

/**
 * Turns stacks into boxes. One implementation takes sorted stacks or stacks in time order, the other takes any order.
 */
export interface StackWalk {
  /** Adds the stacks of a batch. */
  add(batch: StackBatch): void;
  /** Returns the boxes when there are no more stacks. */
  finish(): Boxes;
  /** Stacks added, how many of them are distinct, and the sum of their weights. */
  readonly stacks: number;
  readonly distinct: number;
  readonly weight: number;
  /** Depth of the deepest stack. */
  readonly deepest: number;
}
