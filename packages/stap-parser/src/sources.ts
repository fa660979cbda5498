import { ParserError } from './errors.ts';
import type { ResolvedParserOptions } from './options.ts';
import type { LineBudget } from './record.ts';
import { Source } from './source.ts';

/** The sources of one input's lines: the input as a whole and, with `stap --remote-prefix`, each of its hosts. */
export class Sources implements Iterable<Source> {
  /** The input as a whole, which is the source of lines without a host prefix. */
  main: Source;
  readonly #options: ResolvedParserOptions;
  #budget: LineBudget;
  readonly #hosts = new Map<string, Source>();
  /** The prefix of the current lines, the offset of the first of them, and their source, if it is known. */
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

  /** Switches to the host with this number, printed with `digits` digits, or to lines without a prefix (0 digits). */
  change(number: number, digits: number, offset: number): void {
    this.#prefix = digits === 0 ? '' : String(number).padStart(digits, '0');
    this.#offset = offset;
    this.#current = digits === 0 ? this.main : this.#hosts.get(this.#prefix);
  }

  /** The source of the current lines. */
  get current(): Source {
    return (this.#current ??= this.host(this.#prefix, this.#offset));
  }

  /** The source of the current lines; `undefined` if no lines before them came from it. */
  get known(): Source | undefined {
    return this.#current;
  }

  /** Whether the current lines are from a host. */
  get isHost(): boolean {
    return this.#prefix !== '';
  }

  /** Returns the host with this prefix, or `undefined` if it has not written any lines yet. */
  find(prefix: string): Source | undefined {
    return this.#hosts.get(prefix);
  }

  /**
   * Returns the host with this prefix. `offset` is the offset of the host's line, for the error about too many hosts.
   */
  host(prefix: string, offset: number): Source {
    const known = this.#hosts.get(prefix);
    if (known) return known;
    const { maxHosts, hostFrames } = this.#options;
    if (this.#hosts.size === maxHosts) {
      throw new ParserError(
        'TOO_MANY_HOSTS',
        `expected at most ${maxHosts} hosts, found another host with the prefix ${prefix}: at byte ${offset}; ` +
          'allow more hosts (--max-hosts), or split the trace by host',
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
