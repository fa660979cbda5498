/**
 * Regular expressions without backtracking. A link to a picture can contain a search expression, and with one such as
 * `(a+)+$` the browser's own engine would freeze the window, with no way to interrupt it. This engine follows all paths
 * through the expression together, character by character, so that each character costs at most one step per state.
 * It accepts the syntax of `RegExp`, without flags or with `i`, except for back-references, which need backtracking.
 */

import { END, Run, type State } from './run.ts';

/** Returns whether a string matches. Throws an {@link ExpressionError} if matching takes too long. */
export type Matcher = (text: string) => boolean;

const MOST_LETTERS = 1000;
const MOST_STATES = 2000;
/** Maximum number of steps in a search through all names. That many steps take about a second. */
const MOST_STEPS = 10_000_000;
/**
 * Limits for using `RegExp`, which is about ten times faster. An expression with at most one repetition and no group
 * takes at most quadratic time in the length of a name.
 */
const FAST_LETTERS = 64;
const FAST_NAME = 256;

const ESCAPE_OR_CLASS = /\\[^]|\[(?:\\[^]|[^\]\\])*\]/g;
/** Results are cached for characters with codes below this one, which include most European letters. */
const KEPT = 0x600;
const BRANCHING = /[(*+?]|\{\d/g;
const CAPTURE = /\((?!\?)|\(\?<[^=!]/g;
const ATOM =
  /\\(?:x[\da-f]{2}|u[\da-f]{4}|c[a-z]|[0-3][0-7]{0,2}|[4-7][0-7]?|[^c])|\[(?:\\[^]|[^\]\\])*\]|[^]/iy;
const REPEAT = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const GROUP = /\((?:\?(?::|(<?[=!])|<[^=!][^>]*>))?/y;

/** Why an expression cannot be searched for, as a message for the user. */
export class ExpressionError extends Error {}

/** Compiles an expression. Throws an {@link ExpressionError} if the expression is invalid or too large. */
export function parseExpression(text: string, matchCase: boolean): Matcher {
  const flags = matchCase ? '' : 'i';
  if (text.length > MOST_LETTERS) throw new ExpressionError('The regular expression is too long');
  const native = validate(text, flags);
  const matches = new Compiler(text, flags).compile();
  if (!isFast(text)) return matches;
  return (name) => (name.length <= FAST_NAME ? native.test(name) : matches(name));
}

function isFast(text: string): boolean {
  const branching = text.replace(ESCAPE_OR_CLASS, '_').match(BRANCHING) ?? [];
  return text.length <= FAST_LETTERS && branching.length < 2 && branching[0] !== '(';
}

function validate(text: string, flags: string): RegExp {
  try {
    return new RegExp(text, flags);
  } catch {
    throw new ExpressionError('Not a regular expression');
  }
}

/** Adds the states for a part of the expression and returns the first state. The last state continues at `next`. */
type Part = (next: number) => number;

class Compiler {
  readonly #text: string;
  readonly #flags: string;
  readonly #captures: number;
  readonly #states: State[] = [{ next: END }];
  readonly #fits = new Map<string, (unit: number) => boolean>();
  #at = 0;
  #parts = 0;
  #steps = 0;

  constructor(text: string, flags: string) {
    this.#text = text;
    this.#flags = flags;
    this.#captures = text.replace(ESCAPE_OR_CLASS, '').match(CAPTURE)?.length ?? 0;
  }

  compile(): Matcher {
    const first = this.#alternatives()(END);
    const run = new Run(this.#states, this.#count);
    return (text) => run.within(first, text);
  }

  readonly #count = (steps: number): void => {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS)
      throw new ExpressionError('This search takes too long: use a simpler expression');
  };

  #add(state: State): number {
    if (this.#states.length === MOST_STATES) throw new ExpressionError('The regular expression is too large');
    return this.#states.push(state) - 1;
  }

  #alternatives(): Part {
    const part = this.#sequence();
    if (this.#text[this.#at] !== '|') return part;
    this.#at++;
    const rest = this.#alternatives();
    return (next) => this.#add({ next: part(next), other: rest(next) });
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#text.length && !'|)'.includes(this.#text[this.#at]!)) {
      parts.push(this.#repeated(this.#atom()));
    }
    return (next) => parts.reduceRight((after, part) => part(after), next);
  }

  /** Parses a repetition (`*`, `+`, `?`, `{2}`, `{2,}` or `{2,3}`) after the part that it repeats. */
  #repeated(part: Part): Part {
    const match = this.#take(REPEAT);
    if (!match) return part;
    const [, sign, from, comma, to] = match;
    const least = Number(from ?? (sign === '+' ? 1 : 0));
    const endless = sign === '*' || sign === '+' || (comma !== undefined && to === '');
    const most = endless ? Infinity : Number(to ?? from ?? 1);
    return (next) => {
      let first = next;
      if (most === Infinity) {
        const loop: State = { next, other: next };
        first = this.#add(loop);
        loop.next = part(first);
      } else {
        for (let i = least; i < most; i++)
          first = this.#copy((after) => this.#add({ next: part(after), other: next }), first);
      }
      for (let i = 0; i < least; i++) first = this.#copy(part, first);
      return first;
    };
  }

  /** Counts the copies, because the limit on states does not stop copies of an empty part, which add no states. */
  #copy(part: Part, next: number): number {
    if (this.#parts++ > MOST_STATES) throw new ExpressionError('The regular expression is too large');
    return part(next);
  }

  #atom(): Part {
    const group = this.#take(GROUP);
    if (group) {
      if (this.#text[this.#at] === '?')
        throw new ExpressionError('Flags within an expression are not supported');
      const part = this.#alternatives();
      this.#at++;
      return group[1] === undefined ? part : this.#lookAround(part, group[1]);
    }
    const atom = this.#take(ATOM)![0];
    if (/^(?:[$^]|\\b)$/i.test(atom)) return this.#anchor(atom);
    if (/^\\[1-9]/.test(atom) && Number.parseInt(atom.slice(1), 10) <= this.#captures) throw noReferences();
    if (atom === '\\k' && /^<[^>]*>/.test(this.#text.slice(this.#at)) && /\(\?<[^=!]/.test(this.#text))
      throw noReferences();
    const fits = this.#fitsOf(atom);
    return (next) => this.#add({ fits, next });
  }

  #anchor(atom: string): Part {
    const holds = HOLDS[atom]!;
    return (next) => this.#add({ holds, next });
  }

  /** Adds a look-around: `(?=`, `(?!`, `(?<=` or `(?<!`. */
  #lookAround(part: Part, kind: string): Part {
    const wanted = kind.endsWith('=');
    const behind = kind.startsWith('<');
    return (next) => {
      const first = part(END);
      const holds = (text: string, at: number): boolean => {
        const run = new Run(this.#states, this.#count);
        return (behind ? run.endsAt(first, text, at) : run.beginsAt(first, text, at)) === wanted;
      };
      return this.#add({ holds, next });
    };
  }

  /** Returns a function that tests a character against an atom. It uses `RegExp` and caches most results. */
  #fitsOf(atom: string): (unit: number) => boolean {
    const known = this.#fits.get(atom);
    if (known) return known;
    const expression = new RegExp(`^(?:${/^[{}\]\\]$/.test(atom) ? `\\${atom}` : atom})$`, this.#flags);
    const answers = new Int8Array(KEPT);
    const fits = (unit: number): boolean => {
      if (unit >= KEPT) return expression.test(String.fromCharCode(unit));
      if (answers[unit] === 0) answers[unit] = expression.test(String.fromCharCode(unit)) ? 1 : -1;
      return answers[unit] === 1;
    };
    this.#fits.set(atom, fits);
    return fits;
  }

  #take(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at;
    const match = form.exec(this.#text);
    if (match) this.#at = form.lastIndex;
    return match;
  }
}

const isWord = (unit: string | undefined): boolean => unit !== undefined && /\w/.test(unit);
const atBorder = (text: string, at: number): boolean => isWord(text[at - 1]) !== isWord(text[at]);
const HOLDS: Readonly<Record<string, (text: string, at: number) => boolean>> = {
  '^': (_, at) => at === 0,
  $: (text, at) => at === text.length,
  '\\b': atBorder,
  '\\B': (text, at) => !atBorder(text, at),
};

function noReferences(): ExpressionError {
  return new ExpressionError('Back-references are not supported');
}
