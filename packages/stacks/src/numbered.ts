/** Maximum number of keys to remember. This many keys, including their text, take tens of megabytes. */
const MOST_KEYS = 1 << 17;

/**
 * Assigns numbers to keys in order of first use, for the tables in an output. Keys come from traces, so there may be too
 * many to remember. When the limit is reached, all keys are forgotten, and a key that is used again gets a new number.
 */
export class Numbered {
  readonly #numbers = new Map<string, number>();
  readonly #most: number;
  #next: number;

  /**
   * @param first the number of the first key
   * @param most the maximum number of keys to remember
   */
  constructor(first: number = 0, most: number = MOST_KEYS) {
    this.#next = first;
    this.#most = most;
  }

  /** Returns a key's number. If the key is new, calls `add` with the number. */
  numberOf(key: string, add: (number: number) => void): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#numbers.size === this.#most) this.#numbers.clear();
    const number = this.#next++;
    this.#numbers.set(key, number);
    add(number);
    return number;
  }

  /** The number for the next new key. */
  get next(): number {
    return this.#next;
  }
}
