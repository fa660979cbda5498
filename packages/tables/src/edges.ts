import { compareNames } from '@stapflame/stacks';
import { OTHERS, type Names } from './names.ts';

/** The other end of a call. */
export interface Edge {
  readonly name: string;
  /** Of the stacks in which the one calls the other. */
  readonly weight: number;
  /** Of the total of the name that is looked at. */
  readonly share: number;
}

/** Who is called, or who calls: the side of the name that is looked at. */
export type Side = 'callers' | 'callees';

interface Counted {
  weight: number;
  /** The last stack that counted. */
  stack: number;
}

/** Calls that are counted each by itself; those that come later are counted with `[others]`. */
const MAX_EDGES = 1 << 18;

/** Counts who calls the names that match, and whom they call: once a stack, and without calls of themselves. */
export class Edges {
  readonly #wanted: RegExp;
  readonly #names: Names;
  /** 1: matches; 2: does not; 0: not looked at. By number of a name. */
  readonly #isWanted: number[] = [];
  /** By the name that is looked at, then by the other. */
  readonly #counts = { callers: new Map<number, Map<number, Counted>>(), callees: new Map() };
  #edges = 0;

  constructor(wanted: RegExp, names: Names) {
    this.#wanted = wanted;
    this.#names = names;
  }

  looksAt(name: number): boolean {
    return (this.#isWanted[name] ||= this.#matches(name) ? 1 : 2) === 1;
  }

  #matches(name: number): boolean {
    return name !== OTHERS && this.#names.labels[name]!.search(this.#wanted) >= 0;
  }

  add(caller: number, callee: number, weight: number, stack: number): void {
    if (this.looksAt(callee)) this.#add(callee, 'callers', caller, weight, stack);
    if (this.looksAt(caller)) this.#add(caller, 'callees', callee, weight, stack);
  }

  #add(name: number, side: Side, other: number, weight: number, stack: number): void {
    const ends = this.#counts[side];
    let counts = ends.get(name);
    if (!counts) ends.set(name, (counts = new Map()));
    let counted = counts.get(other) ?? (this.#edges < MAX_EDGES ? undefined : counts.get(OTHERS));
    if (!counted) {
      counted = { weight: 0, stack: 0 };
      counts.set(this.#edges++ < MAX_EDGES ? other : OTHERS, counted);
    }
    if (counted.stack !== stack) counted.weight += weight;
    counted.stack = stack;
  }

  /** Heaviest first. */
  of(name: number, side: Side, total: number, rounded: (sum: number) => number): Edge[] {
    return Array.from(this.#counts[side].get(name) ?? [], ([other, { weight }]) => ({
      name: this.#names.labels[other]!,
      weight: rounded(weight),
      share: total > 0 ? weight / total : 0,
    })).toSorted((a, b) => b.weight - a.weight || compareNames(a.name, b.name));
  }
}
