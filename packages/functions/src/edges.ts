import { compareNames, type ShareSums } from '@stapflame/stacks';
import { OTHERS, type Names } from './names.ts';

/** A caller or callee of a matching function. */
export interface Edge {
  readonly name: string;
  /** Weight of the stacks that contain the call. */
  readonly weight: number;
  /** The weight divided by the matching function's total weight. */
  readonly share: number;
}

/** Whether the other function is a caller or a callee of the matching function. */
export type Side = 'callers' | 'callees';

interface Counted {
  weight: number;
  /** Number of the last stack that was counted for this call. */
  stack: number;
}

/** Maximum number of calls that are counted separately. Any others are counted together as `[others]`. */
const MAX_EDGES = 1 << 18;

/** Counts callers and callees of matching functions, once per stack. A function's calls to itself do not count. */
export class Edges {
  readonly #wanted: RegExp;
  readonly #names: Names;
  /** Indexed by name number: 1 if the name matches, 2 if it does not, or 0 if it has not been tested. */
  readonly #isWanted: number[] = [];
  /** The counted calls, indexed by the number of the matching name, then by the number of the other name. */
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

  /** Returns a name's callers or callees, heaviest first. */
  of(name: number, side: Side, total: number, sums: ShareSums): Edge[] {
    return Array.from(this.#counts[side].get(name) ?? [], ([other, { weight }]) => ({
      name: this.#names.labels[other]!,
      weight: sums.rounded(weight),
      share: total > 0 ? weight / total : 0,
    })).toSorted((a, b) => b.weight - a.weight || compareNames(a.name, b.name));
  }
}
