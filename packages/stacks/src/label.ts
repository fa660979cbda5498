/** The label for a frame about which nothing is known. */
export const UNKNOWN = '[unknown]';
/** The label for a frame whose name is empty in folded text. */
export const EMPTY = '[empty]';
/** The only frame of a stack that holds the weight of damaged records. */
export const DAMAGED = '[damaged]';
/** Stands for the missing root end of a stack that was deeper than the sampler prints. */
export const CUT = '[cut]';

// Control characters (except TAB), line separators, and unpaired surrogates.
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/gu;
/** Matches nearly every label: printable ASCII without `;`, and no white space around it. */
const PLAIN = /^[!"$-:<-~](?:[ -:<-~]*[!-:<-~])?$/;
const NEEDS_CLEANING = /[;\t\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]|^\s|\s$|^#(?: |$)|^$/u;
const NUMBER_AT_END = / (?=\d+(?:\.\d*)?$)/;

/**
 * Makes a label from any text. Folded text can contain a label unchanged, so in the text
 *
 * - `;` becomes `:`, as in the perf folders of FlameGraph and inferno;
 * - TAB becomes a space, and other control characters and broken UTF-16 become U+FFFD;
 * - white space around it is removed, and an empty text becomes `[unknown]`;
 * - `# ` at the start becomes `#_`, because it would make a line of folded text a comment.
 */
export function labelOf(text: string): string {
  if (isLabel(text)) return text;
  const label = text.replaceAll(';', ':').replaceAll('\t', ' ').replace(UNPRINTABLE, '\ufffd').trim();
  return label.replace(/^#(?: |$)/, '#_') || UNKNOWN;
}

/** Whether a text is a label, so that folded text can contain it unchanged. */
export function isLabel(text: string): boolean {
  // tried first because it needs a third of the time
  return PLAIN.test(text) || !NEEDS_CLEANING.test(text);
}

/**
 * Makes a label for a frame that is a leaf. A blank and a number at its end would be read as a second count, so the
 * blank becomes `_`.
 */
export function leafLabelOf(label: string): string {
  return label.replace(NUMBER_AT_END, '_');
}

/** Whether the label may be at the end of a folded stack. */
export function isLeafLabel(label: string): boolean {
  return !NUMBER_AT_END.test(label);
}
