import { createScanner, Stop, Token, type LineScanner } from '@stapflame/line-scanner';
import type { StackBatch } from '@stapflame/stacks';
import { hasControlByte } from './grammar/control.ts';
import { isLowKernelFrame } from './grammar/frame.ts';
import { addressOf, HostLines } from './host-lines.ts';
import { LineKind } from './line-kind.ts';
import { resolveOptions, type ParserOptions, type ResolvedParserOptions } from './options.ts';
import type { Source } from './source.ts';
import { Sources } from './sources.ts';
import { SpecialLines } from './special-lines.ts';
import { StackMaker } from './stack-maker.ts';
import { SummaryBuilder, type ParserSummary } from './summary.ts';
import { TraceFacts } from './trace-facts.ts';

/** Maximum number of lines that the scanner remembers. They take about 3 MB. */
const MOST_LINES = 1 << 15;
/**
 * The scanner remembers at most one symbol for this many frames in a table. By default, its symbols take up to 8 MB. If
 * names have few frames each, it forgets some symbols before the table is full.
 */
const FRAMES_PER_SYMBOL = 2;
const HASH = 0x23;

/**
 * Turns SystemTap traces into {@link StackBatch}es. Damage is counted in the summary. The parser does not use streams:
 * the caller may write bytes and take batches at any time. Batches are in input order.
 */
export class TraceParser {
  readonly #options: ResolvedParserOptions;
  readonly #scanner: LineScanner;
  readonly #summary = new SummaryBuilder();
  readonly #facts = new TraceFacts();
  readonly #stacks: StackMaker;
  readonly #decoder = new TextDecoder();
  readonly #sources: Sources;
  readonly #special: SpecialLines;
  readonly #hosts: HostLines;

  constructor(options: ParserOptions = {}) {
    this.#options = resolveOptions(options);
    const { maxLineLength, maxTableFrames, addresses, blankSeparated, scanner } = this.#options;
    const maxLines = Math.min(maxTableFrames, MOST_LINES);
    const maxSymbols = this.#options.frames === 'labels' ? Math.floor(maxTableFrames / FRAMES_PER_SYMBOL) : 0;
    this.#scanner = createScanner(
      { maxLineLength, maxLines, maxSymbols, addresses, blanks: blankSeparated, marks: true },
      scanner,
    );
    this.#stacks = new StackMaker(this.#options, this.#summary, this.#facts);
    this.#sources = new Sources(this.#options);
    const lines = { offset: () => this.#offset(), makeRoom: () => this.#makeRoom() };
    this.#special = new SpecialLines(this.#options, this.#summary, this.#facts, this.#stacks, lines);
    this.#hosts = new HostLines(this.#sources, lines, this.#scanner, this.#special, this.#stacks);
  }

  /** Reads a chunk of the input. Chunks may end anywhere. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const space = this.space();
      const length = Math.min(space.length, chunk.length - at);
      space.set(chunk.subarray(at, at + length));
      this.advance(length);
      at += length;
    }
  }

  /** Returns a buffer for input, which avoids a copy. Write the next bytes at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#scanner.space();
  }

  /** Reads the `length` bytes written into {@link space}. */
  advance(length: number): void {
    const scanner = this.#scanner;
    this.#summary.bytes += length;
    scanner.advance(length);
    for (;;) {
      const stop = scanner.scan();
      this.#readTokens();
      if (stop === Stop.LINE) this.#readUnknown();
      else if (stop === Stop.LONG_LINE) {
        this.#special.settle(this.#sources.main);
        this.#special.damage(this.#sources.main, 'long-line');
        scanner.skip();
      } else if (stop === Stop.INPUT) return;
    }
  }

  /** Whether enough stacks have been read to call {@link take}. */
  get full(): boolean {
    return this.#stacks.full;
  }

  /** Returns the stacks read since the last call. */
  take(): StackBatch[] {
    return this.#stacks.take();
  }

  /** Ends the current input. Bytes read after this call belong to another input. */
  endInput(): void {
    const cut = this.#scanner.pending() > 0;
    const last = this.#scanner.base() + this.#scanner.position();
    for (const source of this.#sources) this.#endSource(source, cut && source === this.#sources.main, last);
    this.#facts.endInput(last, this.#summary.records);
    this.#stacks.endInput();
    this.#scanner.restart();
    this.#sources.restart();
    this.#hosts.endInput();
  }

  #endSource(source: Source, cut: boolean, end: number): void {
    const { record } = source;
    this.#special.settle(source);
    this.#special.readLastTrailer(source, end);
    // if samples are separated by separator lines or blank lines, the end of the input ends the last sample
    const weight = source.countsLead === true ? source.countAhead : this.#divides(source) ? 1 : undefined;
    if (cut || (record.begun && weight === undefined)) this.#summary.truncated++;
    else if (record.begun && weight !== undefined) this.#stacks.finish(source, weight, end);
    else this.#summary.ignoredLines += record.length;
    source.settle(this.#summary);
  }

  /** Whether samples are separated by blank lines, or by separator lines without counts. */
  #divides({ countsLead }: Source): boolean {
    const { blankSeparated, separator } = this.#options;
    return blankSeparated || (separator !== undefined && countsLead === undefined);
  }

  summary(): ParserSummary {
    return this.#summary.snapshot();
  }

  /** Number of headers and trailers read so far. */
  get comments(): number {
    return this.#special.comments;
  }

  /** Whether lines begin with a host number. */
  get isPrefixed(): boolean {
    return this.#hosts.isPrefixed;
  }

  /** Whether the records of the current trace are framed. */
  get isFramed(): boolean {
    return this.#sources.main.framed;
  }

  #readTokens(): void {
    const { tokens } = this.#scanner;
    const count = this.#scanner.tokenCount();
    if (count > 0) this.#settleBefore(tokens[0]!);
    for (let i = 0; i < count;) {
      const from = i;
      let seen = 0;
      let token = 0;
      for (; i < count && (token = tokens[i]!) < Token.COUNT; i++) seen |= token;
      if (i === count) this.#sources.current.record.add(tokens, from, i);
      else if (token === Token.COUNT) {
        const source = this.#sources.current;
        const weight = tokens[i + 2]! * 0x100000000 + tokens[i + 1]!;
        if (!this.#stacks.finishPlain(source, tokens, from, i, seen, weight)) {
          if (i > from) source.record.add(tokens, from, i);
          this.#stacks.finish(source, weight, this.#scanner.base() + tokens[i + 3]!);
        } else source.record.start = this.#scanner.base() + tokens[i + 3]!;
        i += 4;
      } else {
        if (i > from) this.#sources.current.record.add(tokens, from, i);
        i = this.#readMark(token, i + 1, count);
      }
    }
    this.#scanner.clearTokens();
  }

  /** Reads a token that is neither a line nor a count. Its words begin at `at`. Returns the next token's position. */
  #readMark(token: number, at: number, count: number): number {
    const { tokens } = this.#scanner;
    if (token === Token.HOST) {
      this.#hosts.change(tokens, at);
      if (at + 5 < count) this.#settleBefore(tokens[at + 5]!);
      return at + 5;
    }
    const { current } = this.#sources;
    if (token === Token.ADDRESS) {
      const address = addressOf(tokens[at]!, tokens[at + 1]!);
      if (address === current.record.kernelAddress) tokens[at + 2]! |= Token.SAME_ADDRESS;
      return at + 2;
    }
    if (token === Token.CLOSE) this.#special.close(current);
    else if (token === Token.STRAY_CLOSE) current.record.strayClose();
    else {
      const offset = this.#scanner.base() + tokens[at]!;
      if (token === Token.OPEN) current.record.open(offset);
      else this.#special.endGroup(current, offset);
      return at + 1;
    }
    return at;
  }

  /** Reads the held line as a message, unless this token is the record's `#>`. */
  #settleBefore(token: number): void {
    if (token !== Token.CLOSE && token !== Token.HOST) this.#special.settle(this.#sources.current);
  }

  /** Reads a line that the scanner does not know. */
  #readUnknown(): void {
    const sources = this.#sources;
    const bytes = this.#scanner.line();
    const isFraming = sources.isHost && bytes[0] === HASH;
    if (!isFraming && sources.known) this.#special.settle(sources.known);
    if (this.#options.separator === undefined && this.#internPlain(bytes)) return;
    const text = this.#decoder.decode(bytes);
    if (hasControlByte(bytes)) this.#special.readControl(this.#hosts.sourceOf(text), text);
    else {
      const hostLine = sources.isHost ? undefined : this.#hosts.find(text);
      if (hostLine) this.#hosts.read(hostLine);
      else if (
        !(isFraming && this.#hosts.readFraming(sources.current, text)) &&
        !this.#special.read(sources.current, text)
      ) {
        this.#intern(text);
        return;
      }
    }
    this.#scanner.skip();
  }

  /** Adds a plain frame, which is always part of a record. Returns `false` for any other line. */
  #internPlain(bytes: Uint8Array): boolean {
    this.#makeRoom();
    const word = this.#stacks.table.addPlain?.(bytes) ?? 0;
    if (word !== 0) this.#scanner.rememberSymbol(word);
    return word !== 0;
  }

  #intern(text: string): void {
    // the scanner compares only kernel addresses (2^63 and higher), and does not know a line's position in its record
    if (isLowKernelFrame(text) || this.#special.dependsOnPlace(this.#sources.current, text)) {
      this.#special.addLine(this.#sources.current, text);
      this.#scanner.skip();
      return;
    }
    this.#makeRoom();
    const word = this.#stacks.table.addLine(text);
    if ((word & LineKind.TEXT) !== 0) this.#special.noteUnknown(this.#sources.current, text);
    this.#remember(word);
  }

  /** Makes the scanner remember the line: a frame without its address, any other line in full. */
  #remember(word: number): void {
    if ((word & LineKind.TEXT) === 0) this.#scanner.remember(word);
    else this.#scanner.rememberWhole(word);
  }

  #makeRoom(): void {
    if (this.#stacks.makeRoom(this.#sources)) this.#scanner.forget();
  }

  #offset(): number {
    return this.#scanner.base() + this.#scanner.position();
  }
}
