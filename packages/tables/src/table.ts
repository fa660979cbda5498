import type { Share, Whole } from '@stapflame/stacks';

/** A table of functions, as emitted by `@stapflame/functions`. */
export interface FunctionTable extends Whole {
  /** The weight that rows are sorted by. */
  readonly sort: 'self' | 'total';
  /** Total number of functions, including those without a row. */
  readonly names: number;
  readonly rows: readonly FunctionRow[];
}

export interface FunctionRow {
  readonly name: string;
  /** The function's module; absent if it is not known. */
  readonly module?: string;
  readonly self: Share;
  readonly total: Share;
  readonly callers?: Calls;
  readonly callees?: Calls;
}

/** A function's callers or callees with the largest weights, and the total number of its callers or callees. */
export interface Calls {
  readonly names: number;
  readonly edges: readonly { readonly name: string; readonly weight: number; readonly share: number }[];
}

/** A call tree, as emitted by `@stapflame/call-tree`. Its children are the root frames. */
export interface Tree extends Whole {
  /** Frames with less than this share are left out. */
  readonly minShare: number;
  /** Maximum number of levels in the tree. */
  readonly maxDepth: number;
  /** Number of frames in the deepest stack. */
  readonly deepest: number;
  readonly children: readonly TreeNode[];
}

/** A frame, and the frames that it calls. */
export interface TreeNode {
  readonly name: string;
  readonly self: Share;
  readonly total: Share;
  readonly children: readonly TreeNode[];
}
