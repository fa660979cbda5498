import type { Share, Whole } from '@stapflame/stacks';

/** A table of functions, as emitted by `@stapflame/functions`. */
export interface FunctionTable extends Whole {
  /** The weight that rows are sorted by. */
  readonly sort: 'self' | 'total';
  /** Number of functions, listed or not. */
  readonly names: number;
  readonly rows: readonly FunctionRow[];
}

export interface FunctionRow {
  readonly name: string;
  /** Absent if it is not known. */
  readonly module?: string;
  readonly self: Share;
  readonly total: Share;
  readonly callers?: Calls;
  readonly callees?: Calls;
}

/** The heaviest callers or callees, and the number of all of them. */
export interface Calls {
  readonly names: number;
  readonly edges: readonly { readonly name: string; readonly weight: number; readonly share: number }[];
}

/** The roots of all stacks, as emitted by `@stapflame/call-tree`. */
export interface Tree extends Whole {
  /** Smallest share of the whole in the tree. */
  readonly minShare: number;
  /** Largest number of levels in the tree. */
  readonly maxDepth: number;
  /** Number of frames in the deepest stack. */
  readonly deepest: number;
  readonly children: readonly TreeNode[];
}

/** A frame under its caller. */
export interface TreeNode {
  readonly name: string;
  readonly self: Share;
  readonly total: Share;
  readonly children: readonly TreeNode[];
}
