/**
 * Stacks in columns, as a parser or a folder gives them: the renderer takes them where the text between the
 * stages would only be written to be read again.
 *
 *     frames   [ 4 7 1 | 9 7 1 | 2 ]      ids in `table.labels`, leaf first
 *     bounds   [ 0       3       6   7 ]  stack i is frames[bounds[i]] … frames[bounds[i + 1] − 1]
 *     weights  [ 12      1       5 ]      one column; two where the input is differential
 *
 * Batches that follow each other share a table, whose labels never change.
 */
export interface StackColumns {
  readonly table: { readonly labels: readonly string[] };
  readonly frames: Uint32Array;
  readonly bounds: Uint32Array;
  readonly weights: readonly Float64Array[];
  /** A comment line of folded text that goes with them, such as `# stapflame incomplete lost=3`. */
  readonly comment?: string | undefined;
  /** Called when the batch is drawn, so that its maker can use the arrays again. */
  release?(): void;
}
