/**
 * Which stacks and frames to keep. The conditions apply in the order of the fields. A regular expression may match any
 * part of a label. The first five are pprof's filters.
 */
export interface Selection {
  /** Keep only stacks with a frame that matches. @defaultValue all stacks */
  readonly focus?: RegExp;
  /** Leave out stacks with a frame that matches. @defaultValue all stacks stay */
  readonly ignore?: RegExp;
  /** Leave out frames that match, and stacks without any other frame. @defaultValue all frames stay */
  readonly hide?: RegExp;
  /** Leave out frames that do not match, and stacks without any other frame. @defaultValue all frames stay */
  readonly show?: RegExp;
  /** Keep only stacks with a matching frame, from the outermost such frame on. @defaultValue all stacks, whole */
  readonly showFrom?: RegExp;
  /**
   * Keep only stacks with one of these labels, from the outermost such frame on; leave out the frames below it.
   * @defaultValue all stacks, whole
   */
  readonly base?: readonly string[];
  /**
   * Begin each stack at its innermost frame with one of these labels. A stack without such a frame stays whole.
   * @defaultValue all stacks, whole
   */
  readonly skipAfter?: readonly string[];
  /** Of adjacent frames with the same label, keep only the innermost. @defaultValue false */
  readonly collapseRecursion?: boolean;
  /** Reverse each stack, so that stacks are merged from the leaf. @defaultValue false */
  readonly reverse?: boolean;
  /** Which of two weight columns to keep. @defaultValue both */
  readonly side?: 'before' | 'after';
}

/** A summary of what a selection kept and left out. */
export interface SelectionSummary {
  /** Number of stacks kept. */
  readonly kept: number;
  /** Number of stacks left out. */
  readonly filtered: number;
  /** The weight of stacks left out; if there are two weights, the second. */
  readonly filteredWeight: number;
  /** The conditions that no frame in any stack matches. */
  readonly unmatched: readonly FrameCondition[];
}

/** The fields of a {@link Selection} that apply to frames. */
export type FrameCondition = 'focus' | 'ignore' | 'hide' | 'show' | 'showFrom' | 'base' | 'skipAfter';
