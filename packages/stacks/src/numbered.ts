/** The most keys to keep; with their texts they take tens of megabytes. */
const MOST_KEYS = 1 << 17;

/**
 * Numbers keys when they are first seen, for the tables of an output. Keys come from traces, so there may be too many.
 * Then all are forgotten, and a key that comes again gets another number.
 */
export class Numbered {
  readonly #numbers = new Map<string, number>();
  readonly #most: number;
  #next: number;

  /**
   * @param first the number for the first key
   * @param most the most keys to keep
   */
  constructor(first: number = 0, most: number = MOST_KEYS) {
    this.#next = first;
    this.#most = most;
  }

  /** Returns the number of a key. Calls `add` with it if the key is new. */
  numberOf(key: string, add: (number: number) => void): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#numbers.size === this.#most) this.#numbers.clear();
    const number = this.#next++;
    this.#numbers.set(key, number);
    add(number);
    return number;
  }

  /** The number that the next new key will get. */
  get next(): number {
    return this.#next;
  }
}
