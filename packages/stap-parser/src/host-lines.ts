import { HOST_KEPT, type LineScanner } from '@stapflame/line-scanner';
import { parseFraming, parseHostLine, showsPrefix, type HostLine } from './grammar/host-line.ts';
import { mayNameThread } from './grammar/thread-name.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';
import type { SpecialLines, TraceLines } from './special-lines.ts';
import type { StackMaker } from './stack-maker.ts';

/**
 * Reads lines with prefixes in a trace from several hosts (`stap --remote-prefix`). Once a line has proved that there
 * are prefixes, the scanner removes them. That line itself, and lines with white space before the prefix, are read
 * here.
 */
export class HostLines {
  #prefixed = false;
  readonly #sources: Sources;
  readonly #lines: TraceLines;
  readonly #scanner: LineScanner;
  readonly #special: SpecialLines;
  readonly #stacks: StackMaker;

  constructor(
    sources: Sources,
    lines: TraceLines,
    scanner: LineScanner,
    special: SpecialLines,
    stacks: StackMaker,
  ) {
    this.#sources = sources;
    this.#lines = lines;
    this.#scanner = scanner;
    this.#special = special;
    this.#stacks = stacks;
  }

  /** Whether lines begin with a host number. */
  get isPrefixed(): boolean {
    return this.#prefixed;
  }

  /** Ends the input. The next input may have no prefixes. */
  endInput(): void {
    this.#prefixed = false;
  }

  /** Switches to another host. The scanner remembers only one kernel address, so each host's record stores its own. */
  change(tokens: Uint32Array, at: number): void {
    const { known } = this.#sources;
    const digits = tokens[at + 1]!;
    if (known && (digits & HOST_KEPT) === 0)
      known.record.kernelAddress = addressOf(tokens[at + 3]!, tokens[at + 4]!);
    this.#sources.change(tokens[at]!, digits & ~HOST_KEPT, this.#scanner.base() + tokens[at + 2]!);
  }

  /** Parses a line with a prefix. Returns `undefined` if the line or the trace has no prefixes. */
  find(text: string): HostLine | undefined {
    // the line may be a thread name that looks like a prefix
    if (this.#sources.main.record.framing === 'open' && mayNameThread(text)) return undefined;
    if (!this.#prefixed && showsPrefix(text)) {
      this.#prefixed = true;
      this.#scanner.readPrefixes();
      this.#moveHeaders();
    }
    return this.#prefixed ? parseHostLine(text) : undefined;
  }

  /** Reads earlier header lines again, now that they are known to have prefixes. */
  #moveHeaders(): void {
    const { record } = this.#sources.main;
    const { table } = this.#stacks;
    const headers: HostLine[] = [];
    const others = record.lines.slice(0, record.length).filter((token) => {
      const hostLine = parseHostLine(table.textOf(token));
      if (hostLine) headers.push(hostLine);
      return hostLine === undefined;
    });
    record.clear(record.start);
    record.add(others, 0, others.length);
    for (const header of headers) this.read(header);
    this.#scanner.forget();
  }

  read({ host, line }: HostLine): void {
    const source = this.#sources.host(host, this.#lines.offset());
    if (this.readFraming(source, line)) return;
    if (!this.#special.read(source, line)) this.#special.addLine(source, line);
  }

  /**
   * Reads a framing line (`#< …`, `#> …` or `#. …`) from a host, and decides what the held line before it means.
   * Returns `false` if the line is not a framing line.
   */
  readFraming(source: Source, line: string): boolean {
    const { kind, mark } = parseFraming(line) ?? {};
    const closes = kind === '>' && mark === source.openMark;
    if (!closes) this.#special.settle(source);
    if (closes) this.#special.close(source);
    else if (kind === '>') source.record.strayClose();
    else if (kind === '<') {
      source.openMark = mark!;
      source.record.open(this.#lines.offset());
    }
    return kind !== undefined;
  }

  /** Returns the host that wrote the line, but only if it is already known: a damaged line must not add a host. */
  sourceOf(text: string): Source {
    const { main, known, isHost } = this.#sources;
    const host = this.#prefixed && !isHost ? parseHostLine(text)?.host : undefined;
    return (host === undefined ? known : this.#sources.find(host)) ?? main;
  }
}

/** Returns a kernel address as it was printed, or an empty string if it is 0. */
export function addressOf(upper: number, lower: number): string {
  if (upper === 0) return '';
  return `0x${[upper, lower].map((half) => half.toString(16).padStart(8, '0')).join('')}`;
}
