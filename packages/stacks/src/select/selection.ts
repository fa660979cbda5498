/**
 * Which stacks and frames to keep. The conditions are applied in the order of the fields. A regular expression may
 * match any part of a label. The first five conditions work as in pprof.
 */
export interface Selection {
  /** Keep only stacks with a matching frame. @defaultValue keep all stacks */
  readonly focus?: RegExp;
  /** Leave out stacks with a matching frame. @defaultValue keep all stacks */
  readonly ignore?: RegExp;
  /** Leave out matching frames, and stacks whose frames all match. @defaultValue keep all frames */
  readonly hide?: RegExp;
  /** Keep only matching frames, and leave out stacks without a matching frame. @defaultValue keep all frames */
  readonly show?: RegExp;
  /**
   * Keep only stacks with a matching frame, and begin each stack at its outermost matching frame.
   * @defaultValue keep all stacks complete
   */
  readonly showFrom?: RegExp;
  /**
   * Keep only stacks with one of these labels, and begin each stack at its outermost frame with one of them.
   * @defaultValue keep all stacks complete
   */
  readonly base?: readonly string[];
  /**
   * Begin each stack at its innermost frame with one of these labels. Stacks without such a frame are kept complete.
   * @defaultValue keep all stacks complete
   */
  readonly skipAfter?: readonly string[];
  /** Keep only the innermost of adjacent frames with the same label. @defaultValue false */
  readonly collapseRecursion?: boolean;
  /** Reverse each stack, so that stacks are merged from the leaf on. @defaultValue false */
  readonly reverse?: boolean;
  /** Which of two weight columns to keep. @defaultValue keep both columns */
  readonly side?: 'before' | 'after';
}

/** A summary of what a selection kept and left out. */
export interface SelectionSummary {
  /** Number of kept stacks. */
  readonly kept: number;
  /** Number of stacks left out. */
  readonly filtered: number;
  /** Weight of the stacks left out. If stacks have two weights, the second is used. */
  readonly filteredWeight: number;
  /** The conditions that no frame in any stack meets. */
  readonly unmatched: readonly FrameCondition[];
}

/** The fields of a {@link Selection} that are conditions on frames. */
export type FrameCondition = 'focus' | 'ignore' | 'hide' | 'show' | 'showFrom' | 'base' | 'skipAfter';
