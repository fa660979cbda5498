/** The label of a frame about which nothing is known. */
export const UNKNOWN = '[unknown]';
/** The label of a frame whose name is empty in folded text. */
export const EMPTY = '[empty]';
/** The one-frame stack that keeps the weight of records whose frames cannot be trusted. */
export const DAMAGED = '[damaged]';
/** The root end of a stack that the sampler could not print completely. */
export const CUT = '[cut]';

// Control characters except TAB, line separators, and halves of surrogate pairs.
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/gu;
/** Nearly every label: printable ASCII without `;`, and no white space around it. */
const PLAIN = /^[!"$-:<-~](?:[ -:<-~]*[!-:<-~])?$/;
const NEEDS_CLEANING = /[;\t\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]|^\s|\s$|^#(?: |$)|^$/u;
const NUMBER_AT_END = / (?=\d+(?:\.\d*)?$)/;

/**
 * Makes a label of any text. Folded text can carry a label as it is, so in the text
 *
 * - `;` becomes `:`, as in the perf folders of FlameGraph and inferno;
 * - TAB becomes a space, and any other control character and broken UTF-16 become U+FFFD;
 * - white space around it is removed, and an empty text becomes `[unknown]`;
 * - `# ` at the start becomes `#_`, because it would make a line of folded text a comment.
 */
export function labelOf(text: string): string {
  if (isLabel(text)) return text;
  const label = text.replaceAll(';', ':').replaceAll('\t', ' ').replace(UNPRINTABLE, '\ufffd').trim();
  return label.replace(/^#(?: |$)/, '#_') || UNKNOWN;
}

/** Whether a text is a label: folded text can carry it as it is. */
export function isLabel(text: string): boolean {
  // tried first because it takes a third of the time
  return PLAIN.test(text) || !NEEDS_CLEANING.test(text);
}

/**
 * The label that the frame has as a leaf. A blank and a number at its end would be read as a second count, so the blank
 * becomes `_`.
 */
export function leafLabelOf(label: string): string {
  return label.replace(NUMBER_AT_END, '_');
}

/** Whether the label may end a folded stack. */
export function isLeafLabel(label: string): boolean {
  return !NUMBER_AT_END.test(label);
}
