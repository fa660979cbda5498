/**
 * A state of the engine. If `fits` is present, the state consumes a character that `fits` accepts and continues at
 * `next`. Otherwise, it consumes nothing and continues at `next` unless `holds` returns false, and also at `other` if
 * that is present.
 */
export interface State {
  readonly fits?: (unit: number) => boolean;
  readonly holds?: (text: string, at: number) => boolean;
  next: number;
  readonly other?: number;
}

/** The state reached at the end of the expression. */
export const END: number = 0;

/** Follows all paths through the states at the same time. */
export class Run {
  readonly #states: readonly State[];
  readonly #count: (steps: number) => void;
  /** For each state, the last position at which it was reached. */
  readonly #reached: Uint32Array;
  #position = 0;
  /** States to continue from. */
  readonly #open: number[] = [];
  /** States that consume the next character. */
  readonly #taking: number[] = [];

  constructor(states: readonly State[], count: (steps: number) => void) {
    count(states.length);
    this.#states = states;
    this.#count = count;
    this.#reached = new Uint32Array(states.length);
  }

  /** Whether any part of the text matches the expression whose first state is `first`. */
  within(first: number, text: string): boolean {
    return this.#match(first, text, 0, 'anywhere');
  }

  /** Whether any part of the text starting at `at` matches. */
  beginsAt(first: number, text: string, at: number): boolean {
    return this.#match(first, text, at, 'here');
  }

  /** Whether any part of the text ending at `at` matches. */
  endsAt(first: number, text: string, at: number): boolean {
    return this.#match(first, text, 0, 'anywhere', at);
  }

  #match(first: number, text: string, from: number, begins: 'here' | 'anywhere', end?: number): boolean {
    this.#open.length = 0;
    this.#open.push(first);
    for (let at = from; ; at++) {
      if (this.#goOn(text, at) && (end === undefined || at === end)) return true;
      if (at === (end ?? text.length)) return false;
      const unit = text.charCodeAt(at);
      for (const taking of this.#taking) {
        const state = this.#states[taking]!;
        if (state.fits!(unit)) this.#open.push(state.next);
      }
      if (begins === 'anywhere') this.#open.push(first);
      else if (this.#open.length === 0) return false;
    }
  }

  /** Follows all paths until each needs a character. Returns whether any path has reached the end of the expression. */
  #goOn(text: string, at: number): boolean {
    const position = ++this.#position;
    let ended = false;
    let steps = 0;
    this.#taking.length = 0;
    for (let id = this.#open.pop(); id !== undefined; id = this.#open.pop()) {
      if (this.#reached[id] === position) continue;
      this.#reached[id] = position;
      steps++;
      const { fits, holds, next, other } = this.#states[id]!;
      if (id === END) ended = true;
      else if (fits) this.#taking.push(id);
      else if (!holds || holds(text, at)) this.#open.push(next);
      if (other !== undefined) this.#open.push(other);
    }
    this.#count(steps);
    return ended;
  }
}
