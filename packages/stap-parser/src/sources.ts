import { ParserError } from './errors.ts';
import { MAX_HOSTS } from './grammar/host-line.ts';
import type { ResolvedParserOptions } from './options.ts';
import { Source } from './source.ts';

/** The writers of one input: the input itself and, with `stap --remote-prefix`, each of its hosts. */
export class Sources implements Iterable<Source> {
  /** The input itself: lines without a host's prefix. */
  readonly main: Source;
  readonly #options: ResolvedParserOptions;
  readonly #hosts = new Map<string, Source>();

  constructor(options: ResolvedParserOptions) {
    this.#options = options;
    this.main = new Source(options.maxRecordLines, options.hostFrames);
  }

  /** The host with this prefix, if it has written before. */
  known(prefix: string): Source | undefined {
    return this.#hosts.get(prefix);
  }

  /** The host with this prefix; `offset` is that of its line, for the error where there are too many. */
  host(prefix: string, offset: number): Source {
    const known = this.#hosts.get(prefix);
    if (known) return known;
    if (this.#hosts.size === MAX_HOSTS) {
      throw new ParserError(
        'TOO_MANY_HOSTS',
        `more than ${MAX_HOSTS} different prefixes before the lines, up to byte ${offset}; split the trace by host`,
        offset,
      );
    }
    const { maxRecordLines, hostFrames } = this.#options;
    const source = new Source(maxRecordLines, hostFrames, prefix);
    this.#hosts.set(prefix, source);
    return source;
  }

  *[Symbol.iterator](): Iterator<Source> {
    yield this.main;
    yield* this.#hosts.values();
  }
}
