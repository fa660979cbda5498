// C0 and C1 controls, and the marks that turn the direction of text.
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from a trace or a file name, without anything that could control a terminal. */
export function forTerminal(text: string): string {
  return text.replace(UNSAFE, '\ufffd');
}
