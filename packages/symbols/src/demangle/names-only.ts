/** Matches operators whose names contain brackets. */
const OPERATOR = /operator(?:\(\)|<=>|<<=?|>>=?|->\*?|[<>]=?)/y;
const ANONYMOUS = '(anonymous namespace)';
/** Matches qualifiers after the arguments. */
const QUALIFIERS = /(?: const| volatile| &&?)+(?=::|$)/g;
const CLOSING: Readonly<Record<string, string>> = { '<': '>', '(': ')', '{': '}' };

/**
 * Removes the arguments and template arguments from a demangled name. If the brackets do not match, the name stays
 * unchanged.
 *
 *     std::vector<int, std::allocator<int> >::push_back(int&&)   std::vector::push_back
 *     <main::Hash<u8> as main::Work>::go::<u64>                  <main::Hash as main::Work>::go
 */
export function namesOnly(text: string): string {
  let names = '';
  for (let at = 0; at < text.length;) {
    const kept = keptWord(text, at);
    if (kept !== undefined) {
      names += kept;
      at += kept.length;
      continue;
    }
    const char = text[at]!;
    if (CLOSING[char] === undefined) {
      names += char;
      at++;
      continue;
    }
    const end = endOfGroup(text, at);
    if (end === undefined) return text;
    const group = text.slice(at, end);
    // braces contain a name: {closure#0}, {lambda(int)#1}
    if (char === '{') names += group;
    else if (char === '<' && isPathSegment(names, group))
      names += `<${withoutArguments(group.slice(1, -1))}>`;
    else if (names.endsWith('::')) names = names.slice(0, -2);
    at = end;
  }
  return names.replaceAll(QUALIFIERS, '').trim() || text;
}

/** Returns the word at `at` if it must be kept even though it contains brackets. */
function keptWord(text: string, at: number): string | undefined {
  if (text.startsWith(ANONYMOUS, at)) return ANONYMOUS;
  if (text[at] !== 'o' || /\w/.test(text[at - 1] ?? '')) return undefined;
  OPERATOR.lastIndex = at;
  return OPERATOR.exec(text)?.[0];
}

/**
 * Whether a group in brackets is part of a Rust path: `<Type as Trait>` at the path's start, or `<impl Trait for
 * Type>`.
 */
function isPathSegment(before: string, group: string): boolean {
  return before === '' || (before.endsWith('::') && group.startsWith('<impl '));
}

/** Removes the arguments from both types: `Type<A> as Trait<B>` becomes `Type as Trait`. */
function withoutArguments(types: string): string {
  let text = '';
  for (let at = 0; at < types.length;) {
    const end = types[at] === '<' ? endOfGroup(types, at) : undefined;
    if (end === undefined) text += types[at++]!;
    else at = end;
  }
  return text;
}

/**
 * Returns the end of the group in brackets that opens at `from`; `undefined` if the group is never closed. The `>` in
 * `->` or `(1>2)` does not close a group.
 */
function endOfGroup(text: string, from: number): number | undefined {
  const open: string[] = [];
  for (let at = from; at < text.length; at++) {
    const char = text[at]!;
    if (CLOSING[char] !== undefined) open.push(CLOSING[char]);
    else if (char === '>' && (text[at - 1] === '-' || open.at(-1) !== '>')) continue;
    else if (char === '>' || char === ')' || char === '}') {
      // if a `<` in this group is not closed, it is a less-than sign and does not open a group
      while (open.length > 0 && open.at(-1) !== char) open.pop();
      open.pop();
      if (open.length === 0) return at + 1;
    }
  }
  return undefined;
}
