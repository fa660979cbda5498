/** The frames that can be drawn, a parent after its children. */
export interface Boxes {
  /** Sum of all weights, or what the picture is said to be part of. */
  readonly total: number;
  /** Depth of the deepest stack among the boxes. */
  readonly depth: number;
  /** Name of each box. */
  readonly names: readonly string[];
  /** Level of each box, 0 for those next to the root box. */
  readonly depths: readonly number[];
  /** Weight left of each box. */
  readonly starts: readonly number[];
  /** Weight of each box. */
  readonly weights: readonly number[];
  /** Weight of the stacks that end in each box. */
  readonly selfs: readonly number[];
  /** Second count minus first of the stacks that end in each box; all 0 where there is one count. */
  readonly changes: readonly number[];
  /** How many frames are too narrow to be drawn. */
  readonly dropped: number;
}
