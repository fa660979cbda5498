import { ParserError } from './errors.ts';
import type { ResolvedParserOptions } from './options.ts';
import type { LineBudget } from './record.ts';
import { Source } from './source.ts';

/** The writers of one input: the input itself and, with `stap --remote-prefix`, each of its hosts. */
export class Sources implements Iterable<Source> {
  /** The input itself: lines without a host prefix. */
  main: Source;
  readonly #options: ResolvedParserOptions;
  #budget: LineBudget;
  readonly #hosts = new Map<string, Source>();
  /**
   * The host that wrote the current lines, and the offset of the first line; without a prefix, the input itself.
   */
  #prefix = '';
  #offset = 0;
  #current: Source | undefined;

  constructor(options: ResolvedParserOptions) {
    this.#options = options;
    this.#budget = { left: options.maxRecordLines };
    this.main = new Source(this.#budget, options.hostFrames);
    this.#current = this.main;
  }

  /** Begins a new input. */
  restart(): void {
    this.#hosts.clear();
    this.#budget = { left: this.#options.maxRecordLines };
    this.#current = this.main = new Source(this.#budget, this.#options.hostFrames);
    this.#prefix = '';
  }

  /** From this offset on, lines are from the host with this number, printed with `digits` digits; 0: no prefix. */
  change(number: number, digits: number, offset: number): void {
    this.#prefix = digits === 0 ? '' : String(number).padStart(digits, '0');
    this.#offset = offset;
    this.#current = digits === 0 ? this.main : this.#hosts.get(this.#prefix);
  }

  /** The writer of the current lines. */
  get current(): Source {
    return (this.#current ??= this.host(this.#prefix, this.#offset));
  }

  /** The writer of the current lines, but only if it has written before. */
  get known(): Source | undefined {
    return this.#current;
  }

  /** Whether the current lines are from a host. */
  get isHost(): boolean {
    return this.#prefix !== '';
  }

  /** The host with this prefix, if it has written before. */
  find(prefix: string): Source | undefined {
    return this.#hosts.get(prefix);
  }

  /** The host with this prefix. `offset` is its line's offset, for the error if there are too many hosts. */
  host(prefix: string, offset: number): Source {
    const known = this.#hosts.get(prefix);
    if (known) return known;
    const { maxHosts, hostFrames } = this.#options;
    if (this.#hosts.size === maxHosts) {
      throw new ParserError(
        'TOO_MANY_HOSTS',
        `expected at most ${maxHosts} hosts, found one more, with the prefix ${prefix}:, at byte ${offset}; ` +
          'allow more (--max-hosts), or split the trace by host',
        offset,
      );
    }
    const source = new Source(this.#budget, hostFrames, prefix);
    this.#hosts.set(prefix, source);
    return source;
  }

  *[Symbol.iterator](): Iterator<Source> {
    yield this.main;
    yield* this.#hosts.values();
  }
}
