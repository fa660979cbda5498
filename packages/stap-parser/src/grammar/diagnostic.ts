/** Reads messages from stap, stapio and staprun. With `2>&1` or `ssh -t`, they are mixed with the frames. */

const KNOWN =
  /^(?:WARNING: |ERROR: |Pass [0-5]: |stapio:|staprun:|semantic error: |parse error: |Tip: .*README)/;
/** Matches any line in which `WITHIN` could find a message. It is tested first, because it is ten times as fast. */
const ANYWHERE = /(?:WARNING|ERROR): |Pass [0-5]: |stap(?:io|run):/;
/**
 * Matches the text before a message in the middle of a line: part of a frame or a count, or text that ends in a letter
 * or a digit. A heading may quote a message, but not directly after a letter or a digit.
 */
const WITHIN = /^(?:[ \t]*(?:0.*?)?|.*?[^\s'"([{</])(?=(?:WARNING: |ERROR: |Pass [0-5]: |stapio:|staprun:))/;
const LOSSY = /^ERROR: |transport failures|lost messages|^Pass [0-5]: .*failed|bufhdr read error/;
// Matches terminal colours, which stap prints if its stderr is a terminal.
const ESCAPES = /\u001b\[[0-9;]*[A-Za-z]/g;

/** A message from stap, stapio or staprun. */
export interface DiagnosticLine {
  /** The message without escape sequences. */
  readonly text: string;
  /** Whether the message says that samples were lost or that the script failed. */
  readonly lossy: boolean;
}

/** Reads a message. Returns `undefined` for any other line. */
export function parseDiagnostic(line: string): DiagnosticLine | undefined {
  const text = line.includes('\u001b') ? line.replace(ESCAPES, '') : line;
  return KNOWN.test(text) ? { text, lossy: LOSSY.test(text) } : undefined;
}

/**
 * Returns the position of a message in the middle of another line. The rest of that line follows on the next line:
 *
 *      0x7f637f9362ec : __reWARNING: Number of errors: 0, skipped probes: 1
 *     ad+0x4c/0xa0 [/usr/lib/libc.so.6]
 *
 * Returns −1 if the line contains no such message.
 */
export function messageWithin(line: string): number {
  if (!ANYWHERE.test(line)) return -1;
  const before = WITHIN.exec(line)?.[0].length ?? 0;
  return before > 0 ? before : -1;
}
