import type { Share, Whole } from '@stapflame/stacks';

/** Functions that were counted, as `@stapflame/functions` gives them. */
export interface FunctionTable extends Whole {
  /** What the rows are sorted by. */
  readonly sort: 'self' | 'total';
  /** How many functions there are, listed or not. */
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

/** The heaviest callers or callees, and how many there are in all. */
export interface Calls {
  readonly names: number;
  readonly edges: readonly { readonly name: string; readonly weight: number; readonly share: number }[];
}

/** The roots of all stacks, as `@stapflame/call-tree` gives them. */
export interface Tree extends Whole {
  /** Smallest share of the whole that is shown. */
  readonly minShare: number;
  /** Number of levels that are shown. */
  readonly maxDepth: number;
  /** How many frames the deepest stack has. */
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
