/** The label of a frame of which nothing is known. */
export const UNKNOWN = '[unknown]';
/** The label of a frame whose name is empty in folded text. */
export const EMPTY = '[empty]';
/** The one-frame stack that keeps the weight of records whose frames cannot be trusted. */
export const DAMAGED = '[damaged]';
/** Stands at the root end of a stack that the sampler could not print whole. */
export const CUT = '[cut]';

// Control characters but TAB, line separators, and halves of surrogate pairs.
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/gu;
const NEEDS_CLEANING = /[;\t\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]|^\s|\s$|^#(?: |$)|^$/u;
const NUMBER_AT_END = / (?=\d+(?:\.\d*)?$)/;

/**
 * Makes a label of any text, so that folded text can carry it and split it back: no `;` (it becomes `:`, as in
 * the perf folders of FlameGraph and inferno), no TAB (a space), no other control character or broken UTF-16
 * (U+FFFD), no white space around it, never empty (`[unknown]`), and no `# ` at its start, which would make a
 * folded line a comment (`#_`).
 */
export function labelOf(text: string): string {
  if (isLabel(text)) return text;
  const label = text.replaceAll(';', ':').replaceAll('\t', ' ').replace(UNPRINTABLE, '\ufffd').trim();
  return label.replace(/^#(?: |$)/, '#_') || UNKNOWN;
}

/** Whether folded text can carry the label as it is. */
export function isLabel(text: string): boolean {
  return !NEEDS_CLEANING.test(text);
}

/**
 * The label where it is a leaf: a blank and a number at its end would be read as a second count, so that the
 * blank becomes `_`.
 */
export function leafLabelOf(label: string): string {
  return label.replace(NUMBER_AT_END, '_');
}

/** Whether the label may end a folded stack. */
export function isLeafLabel(label: string): boolean {
  return !NUMBER_AT_END.test(label);
}
