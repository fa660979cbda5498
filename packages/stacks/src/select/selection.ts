/**
 * What to keep of stacks. The conditions apply in the order of the fields. A regular expression may match any part of a
 * label. The first five are pprof's filters.
 */
export interface Selection {
  /** Only stacks with a frame that matches. @defaultValue all stacks */
  readonly focus?: RegExp;
  /** No stack with a frame that matches. @defaultValue all stacks stay */
  readonly ignore?: RegExp;
  /** Leave out frames that match, and stacks without any other frame. @defaultValue all frames stay */
  readonly hide?: RegExp;
  /** Leave out frames that do not match, and stacks without any other frame. @defaultValue all frames stay */
  readonly show?: RegExp;
  /** Only stacks with a frame that matches, from the outermost of them on. @defaultValue all stacks, whole */
  readonly showFrom?: RegExp;
  /**
   * Only stacks with a frame of one of these labels, from the outermost of them on; what is below it is left out.
   * @defaultValue all stacks, whole
   */
  readonly base?: readonly string[];
  /**
   * Begin each stack at its innermost frame of one of these labels. A stack without one stays whole.
   * @defaultValue all stacks, whole
   */
  readonly skipAfter?: readonly string[];
  /** Of frames of the same label that follow each other, keep the innermost. @defaultValue false */
  readonly collapseRecursion?: boolean;
  /** Turn each stack around, so that stacks are merged from the leaf. @defaultValue false */
  readonly reverse?: boolean;
  /** Keep only this one of two columns of weights. @defaultValue both */
  readonly side?: 'before' | 'after';
}

/** What a selection did. */
export interface SelectionSummary {
  /** Stacks that were kept. */
  readonly kept: number;
  /** Stacks that were left out. */
  readonly filtered: number;
  /** Their weight; of two weights the second. */
  readonly filteredWeight: number;
  /** The conditions that no frame of any stack meets. */
  readonly unmatched: readonly FrameCondition[];
}

/** The fields of a {@link Selection} that look at frames. */
export type FrameCondition = 'focus' | 'ignore' | 'hide' | 'show' | 'showFrom' | 'base' | 'skipAfter';
