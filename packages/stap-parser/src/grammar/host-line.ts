/** The dialect of `stap --remote-prefix`: `N: ` before each line from host N, with lines from all hosts mixed. */

const PREFIX = /^[ \t]*(\d{1,9}): ([^]*)$/;
/** Matches a line that proves that it has a prefix: the rest can only be from a trace, whatever its white space. */
const PREFIXED =
  /^[ \t]*\d{1,9}: (?:[ \t]*0x[0-9a-f]+(?: : | \[)|[ \t]+0x[0-9a-f]+[ \t]*$|(?:\t| {4})[ \t]*\d+[ \t]*$|#[<>.] \d|# stapflame )/;
const FRAMING = /^#([<>.]) (\d{1,20}(?: \d{1,20})?)$/;

/** A line and the host that wrote it. */
export interface HostLine {
  readonly host: string;
  readonly line: string;
}

export function parseHostLine(text: string): HostLine | undefined {
  const match = PREFIX.exec(text);
  return match ? { host: match[1]!, line: match[2]! } : undefined;
}

/** Whether this line proves that the trace is in this dialect; a heading such as `12: name` does not. */
export function showsPrefix(text: string): boolean {
  return PREFIXED.test(text);
}

/** Parses `#< CPU NANOSECONDS`, `#> CPU NANOSECONDS` or `#. NANOSECONDS` after a prefix. */
export function parseFraming(line: string): { readonly kind: string; readonly mark: string } | undefined {
  const match = FRAMING.exec(line);
  return match ? { kind: match[1]!, mark: match[2]! } : undefined;
}
