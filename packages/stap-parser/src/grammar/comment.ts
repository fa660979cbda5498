/** Reads the `# stapflame …` lines at the start and the end of a trace printed by one of our scripts. */

/** A header (`# stapflame 1 mode=stream …`) or a trailer (`# stapflame end hits=N`, `# stapflame error hits=N`). */
export interface TraceComment {
  readonly kind: 'header' | 'end' | 'error';
  readonly fields: ReadonlyMap<string, string>;
}

const COMMENT = /^# stapflame (?:(1) (?=mode=)|(end|error)(?= |$) ?)(.*)$/;
const HEADER = '# stapflame 1 mode=';

/**
 * Returns the position of a header in a line, or −1. Other text can precede the header if the previous trace is
 * truncated.
 */
export function headerStart(line: string): number {
  return line.indexOf(HEADER);
}

export function parseComment(line: string): TraceComment | undefined {
  const match = COMMENT.exec(line);
  if (!match) return undefined;
  const fields = new Map<string, string>();
  for (const word of match[3]!.split(' ')) {
    const equals = word.indexOf('=');
    if (equals > 0) fields.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return { kind: match[1] === '1' ? 'header' : (match[2] as 'end' | 'error'), fields };
}

/** Returns a field's value if it is a plain decimal number, and `undefined` otherwise. */
export function numberField(comment: TraceComment, name: string): number | undefined {
  const text = comment.fields.get(name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
