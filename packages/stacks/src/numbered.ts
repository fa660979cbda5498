/** Most keys that are kept; with their texts they take some tens of megabytes. */
const MOST_KEYS = 1 << 17;

/**
 * Gives each key a number when it is first seen, for the tables of an output. Bounded, as names come from traces: when
 * it is full it begins anew, and a key that was forgotten gets a second number.
 */
export class Numbered {
  readonly #numbers = new Map<string, number>();
  readonly #most: number;
  #next: number;

  /**
   * @param first the first number
   * @param most how many keys are kept
   */
  constructor(first: number = 0, most: number = MOST_KEYS) {
    this.#next = first;
    this.#most = most;
  }

  /** The key's number; `add` hears of one that is new. */
  numberOf(key: string, add: (number: number) => void): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#numbers.size === this.#most) this.#numbers.clear();
    const number = this.#next++;
    this.#numbers.set(key, number);
    add(number);
    return number;
  }

  /** How many numbers were given. */
  get next(): number {
    return this.#next;
  }
}
