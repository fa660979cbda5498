/** Takes the sorted stacks of a folder one after the other and makes pieces of output of them. */
export interface SortedStacksWriter<Piece> {
  /**
   * Adds the stack `frames[from … from + depth)`, root first. `true` once there is a piece's worth to
   * {@link take}.
   */
  add(frames: Uint32Array, from: number, depth: number, weights: readonly number[]): boolean;
  /** What was added since the last call. */
  take(): Piece;
}
