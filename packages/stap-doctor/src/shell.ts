// C0 and C1 controls, and the marks that turn the direction of text.
const UNSEEN = /([\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069])/;

/**
 * A word of a command line that a person pastes into a POSIX shell. A control character would act on the
 * terminal before the shell sees it: in its place stands `*` outside the quotes, which finds it in a file name.
 */
export function quoted(word: string): string {
  if (/^[\w@%+=:,./-][\w@%+=:,./~-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`).split(UNSEEN).map(shown).join('')}'`;
}

/** Split with a group, every second piece is a separator. */
function shown(piece: string, at: number): string {
  return at % 2 === 0 ? piece : "'*'";
}
