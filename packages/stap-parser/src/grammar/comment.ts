/** The `# stapflame …` lines at the start and end of traces printed by our own scripts. */

/** `# stapflame 1 mode=stream maxbacktrace=128 …`, `# stapflame end hits=N`, `# stapflame error hits=N`. */
export interface TraceComment {
  readonly kind: 'header' | 'end' | 'error';
  readonly fields: ReadonlyMap<string, string>;
}

const COMMENT = /^# stapflame (?:(1) (?=mode=)|(end|error)(?= |$) ?)(.*)$/;
const HEADER = '# stapflame 1 mode=';

/** Where a header begins in a line, or −1. It is not at the start if the previous trace was truncated. */
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

/** A field's value if it is a plain decimal number, otherwise `undefined`. */
export function numberField(comment: TraceComment, name: string): number | undefined {
  const text = comment.fields.get(name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
