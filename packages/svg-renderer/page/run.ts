/**
 * Either takes a character that fits and goes on to `next`, or takes none: it goes on to `next` where `holds`, and to
 * `other` where there is one.
 */
export interface State {
  readonly fits?: (unit: number) => boolean;
  readonly holds?: (text: string, at: number) => boolean;
  next: number;
  readonly other?: number;
}

/** Where the whole has matched. */
export const END: number = 0;

/** Follows all ways through the states at once. */
export class Run {
  readonly #states: readonly State[];
  readonly #count: (steps: number) => void;
  /** Number of the position at which each state was reached last. */
  readonly #reached: Uint32Array;
  #position = 0;
  /** States to go on from, and of those the ones that take a character. */
  readonly #open: number[] = [];
  readonly #taking: number[] = [];

  constructor(states: readonly State[], count: (steps: number) => void) {
    count(states.length);
    this.#states = states;
    this.#count = count;
    this.#reached = new Uint32Array(states.length);
  }

  /** Whether a part of the text matches from `first` to the end of the expression. */
  within(first: number, text: string): boolean {
    return this.#match(first, text, 0, 'anywhere');
  }

  /** … a part that begins at `at`. */
  beginsAt(first: number, text: string, at: number): boolean {
    return this.#match(first, text, at, 'here');
  }

  /** … a part that ends at `at`. */
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

  /** Goes on as far as no character is taken. Tells whether the end was reached. */
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
