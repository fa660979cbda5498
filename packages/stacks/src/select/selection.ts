/**
 * What to keep of stacks. The steps are taken in the order of the fields; regular expressions look at labels, and one
 * that matches a part of the label matches. The first five are pprof's filters.
 */
export interface Selection {
  /** Only stacks with a frame that matches. @defaultValue all stacks */
  readonly focus?: RegExp;
  /** No stack with a frame that matches. @defaultValue none is left out */
  readonly ignore?: RegExp;
  /** Leave out frames that match. A stack that has no frame left is left out. @defaultValue all frames stay */
  readonly hide?: RegExp;
  /** Leave out frames that do not match, as `hide` does. @defaultValue all frames stay */
  readonly show?: RegExp;
  /** Only stacks with a frame that matches, from the outermost of them on. @defaultValue all stacks, whole */
  readonly showFrom?: RegExp;
  /**
   * Only stacks with a frame of one of these labels, from the outermost of them on; what is below it is left out.
   * @defaultValue all stacks, whole
   */
  readonly base?: readonly string[];
  /**
   * Begin a stack at the innermost frame of one of these labels; a stack without one stays whole.
   * @defaultValue all stacks, whole
   */
  readonly skipAfter?: readonly string[];
  /** Frames of one label that follow each other become one, the innermost. @defaultValue false */
  readonly collapseRecursion?: boolean;
  /** Turn each stack around, so that it is merged from the leaf. @defaultValue false */
  readonly reverse?: boolean;
  /** Of two columns of weights only this one. @defaultValue both */
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
  /** What was asked for, and fits no frame of any stack. */
  readonly unmatched: readonly FrameCondition[];
}

/** The fields of a {@link Selection} that look at frames. */
export type FrameCondition = 'focus' | 'ignore' | 'hide' | 'show' | 'showFrom' | 'base' | 'skipAfter';
