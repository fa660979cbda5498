/**
 * Reads the lines of a trace printed by `stap --remote-prefix`. Each line from host N begins with `N: `, and the hosts'
 * lines are mixed.
 */

const PREFIX = /^[ \t]*(\d{1,9}): ([^]*)$/;
/** Matches a line that must have a prefix, because the rest of the line can only come from a trace. */
const PREFIXED =
  /^[ \t]*\d{1,9}: (?:[ \t]*0x[0-9a-f]+(?: : | \[)|[ \t]+0x[0-9a-f]+[ \t]*$|(?:\t| {4})[ \t]*\d+[ \t]*$|#[<>.] \d|# stapflame )/;
const FRAMING = /^#([<>.]) (\d{1,20}(?: \d{1,20})?)$/;

/** A line without its prefix, and the host that wrote the line. */
export interface HostLine {
  readonly host: string;
  readonly line: string;
}

export function parseHostLine(text: string): HostLine | undefined {
  const match = PREFIX.exec(text);
  return match ? { host: match[1]!, line: match[2]! } : undefined;
}

/** Whether this line proves that lines have prefixes. A heading such as `12: name` proves nothing. */
export function showsPrefix(text: string): boolean {
  return PREFIXED.test(text);
}

/** Parses the framing line after a prefix: `#< CPU NANOSECONDS`, `#> CPU NANOSECONDS` or `#. NANOSECONDS`. */
export function parseFraming(line: string): { readonly kind: string; readonly mark: string } | undefined {
  const match = FRAMING.exec(line);
  return match ? { kind: match[1]!, mark: match[2]! } : undefined;
}
