/** Lines of stap's, stapio's and staprun's stderr that stand among the frames after `2>&1` or `ssh -t`. */

const KNOWN =
  /^(?:WARNING: |ERROR: |Pass [0-5]: |stapio:|staprun:|semantic error: |parse error: |Tip: .*README)/;
const LOSSY = /^ERROR: |transport failures|lost messages|^Pass [0-5]: .*failed|bufhdr read error/;
// Colours of a terminal: stap writes them when its stderr is one.
const ESCAPES = /\u001b\[[0-9;]*[A-Za-z]/g;

/** One such line. */
export interface DiagnosticLine {
  /** The line without escape sequences. */
  readonly text: string;
  /** It says that samples were lost or the script failed. */
  readonly lossy: boolean;
}

/** The diagnostic on the line, or `undefined` where it is none. */
export function parseDiagnostic(line: string): DiagnosticLine | undefined {
  const text = line.includes('\u001b') ? line.replace(ESCAPES, '') : line;
  return KNOWN.test(text) ? { text, lossy: LOSSY.test(text) } : undefined;
}
