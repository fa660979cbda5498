/** The label of a frame that nothing is known about. */
export const UNKNOWN = '[unknown]';
/** The label of a frame whose name is empty in folded text. */
export const EMPTY = '[empty]';
/** The label of the frame that counts the weight of damaged records. */
export const DAMAGED = '[damaged]';
/** The label of the frame that replaces the missing root end of a stack cut off at the sampler's depth limit. */
export const CUT = '[cut]';

// Matches control characters (except TAB), line separators, and unpaired surrogates.
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/gu;
/** Matches nearly every label: printable ASCII characters except `;`, without leading or trailing white space. */
const PLAIN = /^[!"$-:<-~](?:[ -:<-~]*[!-:<-~])?$/;
const NEEDS_CLEANING = /[;\t\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]|^\s|\s$|^#(?: |$)|^$/u;
const NUMBER_AT_END = / (?=\d+(?:\.\d*)?$)/;

/**
 * Makes a label from any string. Labels can be written to folded text unchanged, so the string is changed as follows:
 *
 * - `;` becomes `:`, as in the perf folders of FlameGraph and inferno;
 * - TAB becomes a space, and other control characters and invalid UTF-16 become U+FFFD;
 * - white space at the ends is removed, and an empty string becomes `[unknown]`;
 * - `# ` at the start becomes `#_`, because it would make a line of folded text a comment.
 */
export function labelOf(text: string): string {
  if (isLabel(text)) return text;
  const label = text.replaceAll(';', ':').replaceAll('\t', ' ').replace(UNPRINTABLE, '\ufffd').trim();
  return label.replace(/^#(?: |$)/, '#_') || UNKNOWN;
}

/** Whether a string is a valid label, which can be written to folded text unchanged. */
export function isLabel(text: string): boolean {
  // PLAIN is tried first, because it is three times as fast
  return PLAIN.test(text) || !NEEDS_CLEANING.test(text);
}

/**
 * Makes a leaf's label. A blank and a number at the end would be read as a second count, so the blank becomes `_`.
 */
export function leafLabelOf(label: string): string {
  return label.replace(NUMBER_AT_END, '_');
}

/** Whether a leaf may have this label. In folded text, the count follows the leaf. */
export function isLeafLabel(label: string): boolean {
  return !NUMBER_AT_END.test(label);
}
