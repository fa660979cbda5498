// Matches C0 and C1 control characters, and marks that change the text direction.
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Replaces the characters that could control a terminal, in text from a trace or in a file name. */
export function forTerminal(text: string): string {
  return text.replace(UNSAFE, '\ufffd');
}
