/** Lines from the stderr of stap, stapio and staprun that are among the frames because of `2>&1` or `ssh -t`. */

const KNOWN =
  /^(?:WARNING: |ERROR: |Pass [0-5]: |stapio:|staprun:|semantic error: |parse error: |Tip: .*README)/;
/** Tested on every new line: ten times faster than the expression below, which finds the place. */
const ANYWHERE = /(?:WARNING|ERROR): |Pass [0-5]: |stap(?:io|run):/;
/**
 * The same, but after part of a frame or count, or right after a letter or digit, as in no heading.
 */
const WITHIN = /^(?:[ \t]*(?:0.*?)?|.*?[^\s'"([{</])(?=(?:WARNING: |ERROR: |Pass [0-5]: |stapio:|staprun:))/;
const LOSSY = /^ERROR: |transport failures|lost messages|^Pass [0-5]: .*failed|bufhdr read error/;
// Terminal colours: stap writes them if its stderr is a terminal.
const ESCAPES = /\u001b\[[0-9;]*[A-Za-z]/g;

/** A line from the stderr of stap, stapio or staprun. */
export interface DiagnosticLine {
  /** The line without escape sequences. */
  readonly text: string;
  /** Whether the message says that samples were lost or that the script failed. */
  readonly lossy: boolean;
}

/** Reads a diagnostic. Returns `undefined` for any other line. */
export function parseDiagnostic(line: string): DiagnosticLine | undefined {
  const text = line.includes('\u001b') ? line.replace(ESCAPES, '') : line;
  return KNOWN.test(text) ? { text, lossy: LOSSY.test(text) } : undefined;
}

/**
 * Where a message begins in the middle of another line. The rest of that line follows on the next line:
 *
 *      0x7f637f9362ec : __reWARNING: Number of errors: 0, skipped probes: 1
 *     ad+0x4c/0xa0 [/usr/lib/libc.so.6]
 *
 * Returns −1 if the line has no such message.
 */
export function messageWithin(line: string): number {
  if (!ANYWHERE.test(line)) return -1;
  const before = WITHIN.exec(line)?.[0].length ?? 0;
  return before > 0 ? before : -1;
}
