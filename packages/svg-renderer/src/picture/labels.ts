/**
 * Shortens a name that does not fit its box. Removes parts of the name until the rest fits, starting with the parts
 * that say least about the function:
 *
 *     alloc::vec::Vec<T>::extend(&mut self) [clone .cold]
 *                                           compiler suffixes
 *                               the arguments
 *                    template arguments
 *     namespaces, packages and directories, from the left: …::Vec::extend, …SocketChannelImpl.write
 *     finally, the middle: exte…tend
 *
 * Widths are counted in columns of a monospaced font. Glyphs are not measured.
 */

/** Minimum width of a shortened name, in columns. Anything shorter would be meaningless. */
const LEAST_COLUMNS = 6;
const APPENDED = /(?: \[clone [^\]]*\]|\.(?:isra|part|constprop|cold|llvm|lto_priv)\b[.\d]*)+$/;
/** Only this many letters at the end of a name are searched for suffixes, because the search takes quadratic time. */
const APPENDED_LETTERS = 60;
const SEPARATOR = /::|[./\\](?=[\w$<])/g;
/** In the text before the first difference between two names, matches the beginning of the word that differs. */
const WORD = /[\w$]+$/;

/**
 * Returns a name, shortened if necessary to fit into `columns`; empty if the shortened name would be meaningless.
 *
 * @param neighbours returns the names of the neighbouring boxes; called only if necessary
 */
export function labelOf(
  name: string,
  columns: number,
  neighbours: () => readonly string[] = () => [],
): string {
  if (fits(name, columns)) return name;
  if (columns < LEAST_COLUMNS) return '';
  const label = shortened(name, columns);
  for (const other of neighbours()) {
    if (other !== name && shortened(other, columns) === label) return fromDifference(name, other, columns);
  }
  return label;
}

function shortened(name: string, columns: number): string {
  let text = name;
  for (const without of [withoutAppended, withoutArguments, withoutTemplates]) {
    text = without(text) || text;
    if (fits(text, columns)) return text;
  }
  let last = text;
  if (!/^\[|\s/.test(text)) {
    for (const { 0: separator, index } of text.matchAll(SEPARATOR)) {
      last = text.slice(index + separator.length);
      const rest = `…${separator === '::' ? separator : ''}${last}`;
      if (fits(rest, columns)) return rest;
    }
  }
  return last !== text && fits(`…${last}`, columns) ? `…${last}` : withoutMiddle(last, columns);
}

function withoutAppended(text: string): string {
  const end = text.slice(-APPENDED_LETTERS);
  return text.slice(0, text.length - end.length) + end.replace(APPENDED, '');
}

/** Shortens `run(int)` to `run`. The names of operators stay unchanged. */
function withoutArguments(text: string): string {
  const end = text.endsWith(') const') ? text.length - 7 : text.length - 1;
  let depth = 0;
  let at = end;
  for (; at >= 0; at--) {
    if (text[at] === ')') depth++;
    else if (text[at] === '(') depth--;
    if (depth === 0) break;
  }
  const rest = text.slice(0, at);
  return at === end || rest.endsWith('operator') ? text : rest;
}

/** Shortens `Vec<T>::push` to `Vec::push` and `<A as B>::run` to `A::run`. The names of operators stay unchanged. */
function withoutTemplates(text: string): string {
  let rest = '';
  let depth = 0;
  let isFirst = text.startsWith('<');
  for (let i = isFirst ? 1 : 0; i < text.length; i++) {
    const letter = text[i]!;
    if (isFirst && depth === 0 && (letter === '>' || text.startsWith(' as ', i))) {
      isFirst = false;
      if (letter !== '>') depth++;
    } else if (letter === '<' && !/operator<?$/.test(text.slice(Math.max(0, i - 9), i))) depth++;
    else if (letter === '>' && depth > 0 && text[i - 1] !== '-') depth--;
    else if (depth === 0) rest += letter;
  }
  return depth === 0 ? rest : text;
}

function withoutMiddle(text: string, columns: number): string {
  const points = [...text];
  const head = takeFrom(points, Math.ceil((columns - 1) / 2));
  const tail = takeFrom(points.toReversed(), columns - 1 - widthOf(head.join('')));
  return `${head.join('')}…${tail.toReversed().join('')}`;
}

/** Returns the end of a name, starting at the first word or letter that differs from `other`: `…adjust_stacks`. */
function fromDifference(name: string, other: string, columns: number): string {
  const [points, others] = [[...name], [...other]];
  const at = points.findIndex((point, i) => point !== others[i]);
  const tail = points.slice(at);
  if (at <= 0 || tail.length === 0) return withoutMiddle(name, columns);
  const word = WORD.exec(points.slice(Math.max(0, at - columns), at).join(''))?.[0] ?? '';
  const rest = tail.join('');
  if (fits(word + rest, columns - 1)) return `…${word}${rest}`;
  if (fits(rest, columns - 1)) return `…${rest}`;
  return `…${takeFrom(tail, columns - 2).join('')}…`;
}

/** Returns as many of the first code points as fit. Call this only if they do not all fit. */
function takeFrom(points: readonly string[], columns: number): string[] {
  let used = 0;
  return points.slice(
    0,
    points.findIndex((point) => (used += widthOf(point)) > columns),
  );
}

/** Whether a string fits. A code point takes up one or two columns and has at most two UTF-16 code units. */
function fits(text: string, columns: number): boolean {
  return text.length <= 2 * columns && widthOf(text) <= columns;
}

/** Returns the width of a string in columns. East Asian wide characters and emoji take up two columns. */
function widthOf(text: string): number {
  let width = 0;
  for (const point of text) width += isWide(point.codePointAt(0)!) ? 2 : 1;
  return width;
}

function isWide(point: number): boolean {
  return (
    point >= 0x1100 &&
    (point <= 0x115f ||
      (point >= 0x2e80 && point <= 0xa4cf) ||
      (point >= 0xac00 && point <= 0xd7a3) ||
      (point >= 0xf900 && point <= 0xfaff) ||
      (point >= 0xfe30 && point <= 0xfe6f) ||
      (point >= 0xff00 && point <= 0xff60) ||
      point >= 0x1f300)
  );
}
