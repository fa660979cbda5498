import { createScanner, Stop, Token, type LineScanner } from '@stapflame/line-scanner';
import type { StackBatch } from '@stapflame/stacks';
import { headerStart, parseComment, type TraceComment } from './grammar/comment.ts';
import { parseCount, parseCountLine } from './grammar/count.ts';
import { hasControl, hasControlByte } from './grammar/control.ts';
import { messageWithin, parseDiagnostic } from './grammar/diagnostic.ts';
import { isLowKernelFrame, parseFrame } from './grammar/frame.ts';
import { parseFraming, parseHostLine, showsPrefix, type HostLine } from './grammar/host-line.ts';
import { parseMapElement } from './grammar/map-dump.ts';
import { LineKind } from './line-kind.ts';
import { mayNameThread, parseThreadName } from './grammar/thread-name.ts';
import { resolveOptions, type ParserOptions, type ResolvedParserOptions } from './options.ts';
import type { Source } from './source.ts';
import { Sources } from './sources.ts';
import { StackMaker } from './stack-maker.ts';
import { SummaryBuilder, type ParserSummary } from './summary.ts';
import { TraceFacts } from './trace-facts.ts';

/** Lines that the scanner knows: some 6 MB. */
const MOST_LINES = 1 << 16;
/** A summary shows lines; this much of each. */
const SHOWN_LENGTH = 1000;
const KERNEL_ADDRESS = /^[ \t]*0x[89a-f][0-9a-f]{15}(?![0-9a-f])/;
const ADDRESS = /^[ \t]*0x[0-9a-f]+/;

/**
 * Reads traces of SystemTap: bytes in, {@link StackBatch}es out, damage counted in the summary. Knows
 * nothing of streams: whoever feeds it takes the batches when it suits, and keeps the order.
 */
export class TraceParser {
  readonly #options: ResolvedParserOptions;
  readonly #scanner: LineScanner;
  readonly #summary = new SummaryBuilder();
  readonly #facts = new TraceFacts();
  readonly #stacks: StackMaker;
  readonly #decoder = new TextDecoder();
  #sources: Sources;
  #prefixed = false;
  #comments = 0;

  constructor(options: ParserOptions = {}) {
    this.#options = resolveOptions(options);
    const { maxLineLength, maxTableFrames, addresses, blankSeparated, scanner } = this.#options;
    const maxLines = Math.min(maxTableFrames, MOST_LINES);
    this.#scanner = createScanner(
      { maxLineLength, maxLines, addresses, blanks: blankSeparated, marks: true },
      scanner,
    );
    this.#stacks = new StackMaker(this.#options, this.#summary, this.#facts);
    this.#sources = new Sources(this.#options);
  }

  /** Reads a piece of the input. It may be cut anywhere. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const space = this.space();
      const length = Math.min(space.length, chunk.length - at);
      space.set(chunk.subarray(at, at + length));
      this.advance(length);
      at += length;
    }
  }

  /** Where the next bytes may be put, to spare a copy: write at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#scanner.space();
  }

  /** Reads `length` bytes that were put into {@link space}. */
  advance(length: number): void {
    const scanner = this.#scanner;
    this.#summary.bytes += length;
    scanner.advance(length);
    for (;;) {
      const stop = scanner.scan();
      this.#readTokens();
      if (stop === Stop.LINE) this.#readUnknown();
      else if (stop === Stop.LONG_LINE) {
        this.#settle(this.#sources.main);
        this.#damage(this.#sources.main, 'long-line');
        scanner.skip();
      } else if (stop === Stop.INPUT) return;
    }
  }

  /** So many stacks wait that they should be taken. */
  get full(): boolean {
    return this.#stacks.full;
  }

  /** The stacks read since the last call. */
  take(): StackBatch[] {
    return this.#stacks.take();
  }

  /** The input ends here; the next bytes are another input's. */
  endInput(): void {
    const cut = this.#scanner.pending() > 0;
    const last = this.#scanner.base() + this.#scanner.position();
    for (const source of this.#sources) this.#endSource(source, cut && source === this.#sources.main, last);
    this.#facts.endInput(last, this.#summary.records);
    this.#stacks.endInput();
    this.#scanner.restart();
    this.#sources = new Sources(this.#options);
    this.#prefixed = false;
  }

  #endSource(source: Source, cut: boolean, end: number): void {
    const { record } = source;
    this.#settle(source);
    // the last sample of those that separators or blank lines divide is closed by the end
    const weight = source.countsLead === true ? source.countAhead : this.#divides(source) ? 1 : undefined;
    if (cut || (record.begun && weight === undefined)) this.#summary.truncated++;
    else if (record.begun && weight !== undefined) this.#stacks.finish(source, weight, end);
    else this.#summary.ignoredLines += record.length;
    source.settle(this.#summary);
  }

  /** Whether samples stand between blank lines, or separators without counts. */
  #divides({ countsLead }: Source): boolean {
    const { blankSeparated, separator } = this.#options;
    return blankSeparated || (separator !== undefined && countsLead === undefined);
  }

  summary(): ParserSummary {
    return this.#summary.snapshot();
  }

  /** Headers and trailers read so far. */
  get comments(): number {
    return this.#comments;
  }

  /** Lines begin with the number of their host. */
  get isPrefixed(): boolean {
    return this.#prefixed;
  }

  /** Records are framed, so far. */
  get isFramed(): boolean {
    return this.#sources.main.framed;
  }

  #readTokens(): void {
    const { tokens } = this.#scanner;
    const count = this.#scanner.tokenCount();
    const source = this.#sources.main;
    if (count > 0 && tokens[0] !== Token.CLOSE) this.#settle(source);
    for (let i = 0; i < count;) {
      const from = i;
      let seen = 0;
      let token = 0;
      for (; i < count && (token = tokens[i]!) < Token.COUNT; i++) seen |= token;
      if (i === count) source.record.add(tokens, from, i);
      else if (token === Token.COUNT) {
        const weight = tokens[i + 2]! * 0x100000000 + tokens[i + 1]!;
        if (!this.#stacks.finishPlain(source, tokens, from, i, seen, weight)) {
          if (i > from) source.record.add(tokens, from, i);
          this.#stacks.finish(source, weight, this.#scanner.base() + tokens[i + 3]!);
        } else source.record.start = this.#scanner.base() + tokens[i + 3]!;
        i += 4;
      } else {
        if (i > from) source.record.add(tokens, from, i);
        i = this.#readMark(source, token, i + 1);
      }
    }
    this.#scanner.clearTokens();
  }

  /** Reads a token that is neither line nor count, whose words are at `at`; gives where the next one is. */
  #readMark(source: Source, token: number, at: number): number {
    if (token === Token.CLOSE) this.#close(source);
    else if (token === Token.STRAY_CLOSE) source.record.strayClose();
    else {
      const offset = this.#scanner.base() + this.#scanner.tokens[at]!;
      if (token === Token.OPEN) source.record.open(offset);
      else this.#endGroup(source, offset);
      return at + 1;
    }
    return at;
  }

  /** A blank line, where it separates samples. */
  #endGroup(source: Source, end: number): void {
    if (source.record.length > 0 || source.record.begun) this.#stacks.finish(source, 1, end);
  }

  /** A line that the scanner has not seen before. */
  #readUnknown(): void {
    this.#settle(this.#sources.main);
    const bytes = this.#scanner.line();
    if (this.#options.separator === undefined && this.#internPlain(bytes)) return;
    const text = this.#decoder.decode(bytes);
    if (hasControlByte(bytes)) this.#readControl(text);
    else {
      const hostLine = this.#hostLine(text);
      if (hostLine) this.#readHostLine(hostLine);
      else if (!this.#readSpecial(this.#sources.main, text)) {
        this.#intern(text);
        return;
      }
    }
    this.#scanner.skip();
  }

  /** Takes a frame of the most common form, which belongs to a record in every trace; returns `false` for any other line. */
  #internPlain(bytes: Uint8Array): boolean {
    this.#makeRoom();
    const word = this.#stacks.table.addPlain?.(bytes) ?? 0;
    if (word !== 0) this.#remember(word);
    return word !== 0;
  }

  #intern(text: string): void {
    if (isLowKernelFrame(text)) {
      // the scanner compares the addresses of lines from 2^63 on: here it is done for each line
      this.#addLine(this.#sources.main, text);
      this.#scanner.skip();
      return;
    }
    this.#makeRoom();
    const word = this.#stacks.table.addLine(text);
    if ((word & LineKind.TEXT) !== 0) this.#noteUnknown(this.#sources.main, text);
    this.#remember(word);
  }

  #remember(word: number): void {
    if (this.#remembers(word)) return;
    // the table may be larger than the scanner's
    this.#scanner.forget();
    this.#remembers(word);
  }

  /** Of a line of no known form all bytes count; a frame is the same at any address. */
  #remembers(word: number): boolean {
    return (word & LineKind.TEXT) === 0 ? this.#scanner.remember(word) : this.#scanner.rememberWhole(word);
  }

  /** Framed records have a root line, which is of no known form and as it should be. */
  #noteUnknown(source: Source, text: string): void {
    if (source.framed || source.record.framing !== 'none') return;
    this.#summary.addUnknown({ offset: this.#offset(), text: text.slice(0, SHOWN_LENGTH) });
  }

  /** Coloured lines of stderr are none the worse for it; any other control byte tears a record. */
  #readControl(text: string): void {
    const diagnostic = parseDiagnostic(text);
    if (diagnostic && !hasControl(diagnostic.text)) this.#addDiagnostic(text);
    else this.#damage(this.#sourceOf(text), 'control-byte');
  }

  #sourceOf(text: string): Source {
    const host = this.#prefixed ? parseHostLine(text)?.host : undefined;
    return (host === undefined ? undefined : this.#sources.known(host)) ?? this.#sources.main;
  }

  #damage(source: Source, reason: 'control-byte' | 'long-line' | 'message'): void {
    source.record.damage ??= { offset: this.#offset(), reason };
  }

  /** Reads a line that belongs to no record's body; `false` where it does. */
  #readSpecial(source: Source, text: string): boolean {
    if (text.trim() === '') {
      if (this.#options.blankSeparated && !text.startsWith('\t')) this.#endGroup(source, this.#offset());
      return true;
    }
    if (source.record.framing === 'open') {
      // a thread may be called as it likes: its name is nothing else
      if (parseThreadName(text) !== undefined) return false;
      if (!text.startsWith('\t') && mayNameThread(text)) return this.#hold(source, text);
    }
    return (
      this.#readHeader(source, text) ||
      this.#readSeparator(source, text) ||
      this.#readMapElement(source, text) ||
      this.#readTorn(source, text) ||
      this.#readCount(source, text) ||
      this.#addDiagnostic(text) ||
      this.#readTrailer(source, text)
    );
  }

  /** A header begins a new trace wherever it stands: what was open, be it a line, was cut. */
  #readHeader(source: Source, text: string): boolean {
    const at = headerStart(text);
    const header = at < 0 ? undefined : parseComment(text.slice(at));
    if (header?.kind !== 'header') return false;
    const { record } = source;
    if (at > 0 || record.begun) this.#summary.truncated++;
    else this.#summary.ignoredLines += record.length;
    this.#facts.begin(header, this.#offset(), this.#summary.records);
    this.#takeComment(source, header);
    return true;
  }

  #readSeparator(source: Source, text: string): boolean {
    const match = this.#options.separator?.exec(text);
    if (!match) return false;
    const end = this.#offset() + text.length + 1;
    if (match[1] === undefined) this.#endGroup(source, end);
    else this.#endCounted(source, parseCount(match[1]), end);
    return true;
  }

  /** A separator with a count; `undefined` where it cannot be one. */
  #endCounted(source: Source, count: number | undefined, end: number): void {
    source.countsLead ??= !source.record.begun;
    if (!source.countsLead) this.#finish(source, count, end);
    else {
      if (source.countAhead !== undefined) this.#finish(source, source.countAhead, end);
      else if (source.record.begun) this.#finish(source, undefined, end);
      else this.#summary.ignoredLines += source.record.length;
      source.record.clear(end);
      source.countAhead = count;
    }
  }

  /** A line with a message in its middle: both of its parts would be false frames, or another count. */
  #readTorn(source: Source, text: string): boolean {
    const at = messageWithin(text);
    if (at < 0 || parseFrame(text) !== undefined) return false;
    if (text.slice(0, at).trim() !== '') this.#damage(source, 'message');
    return this.#addDiagnostic(text.slice(at));
  }

  #readCount(source: Source, text: string): boolean {
    const line = parseCountLine(text);
    if (line === undefined) return false;
    this.#finish(source, line === 'broken' ? undefined : line.count, this.#offset() + text.length + 1);
    return true;
  }

  /** Closes the record, the next one begins at `end`; without a count it is damaged, and leaves no weight. */
  #finish(source: Source, count: number | undefined, end: number): void {
    if (count === undefined) {
      this.#summary.addDamage({ offset: this.#offset(), reason: 'count' });
      source.record.clear(end);
    } else {
      this.#makeRoom();
      this.#stacks.finish(source, count, end);
    }
  }

  /**
   * A line in an open frame that may name the thread of the record: a message only if another line than the end of
   * the frame follows, never anything else. Room for it is made now: while tokens are read, their table must stay.
   */
  #hold(source: Source, text: string): boolean {
    if (!parseDiagnostic(text)) return false;
    this.#makeRoom();
    source.held = { text, offset: this.#offset() };
    return true;
  }

  /** The line held is a message. */
  #settle(source: Source): void {
    const { held } = source;
    if (!held) return;
    source.held = undefined;
    this.#addDiagnostic(held.text, held.offset);
  }

  /** `#>` that matches: the line held, if any, is the thread's name. */
  #close(source: Source): void {
    const { held } = source;
    source.held = undefined;
    if (held) this.#addLine(source, held.text);
    source.record.close();
  }

  #addDiagnostic(text: string, offset: number = this.#offset()): boolean {
    const diagnostic = parseDiagnostic(text);
    if (!diagnostic) return false;
    this.#summary.addDiagnostic({
      offset,
      text: diagnostic.text.slice(0, SHOWN_LENGTH),
    });
    if (diagnostic.lossy) this.#summary.errors++;
    return true;
  }

  #readTrailer(source: Source, text: string): boolean {
    const trailer = source.record.begun ? undefined : parseComment(text);
    if (!trailer) return false;
    this.#summary.ignoredLines += source.record.length;
    this.#takeComment(source, trailer);
    return true;
  }

  #takeComment(source: Source, comment: TraceComment): void {
    this.#comments++;
    source.comment(comment, this.#offset(), this.#summary);
    source.record.clear(this.#offset());
  }

  #readMapElement(source: Source, text: string): boolean {
    const element = parseMapElement(text);
    if (!element) return false;
    if (source.record.begun) this.#summary.truncated++;
    else this.#summary.ignoredLines += source.record.length;
    source.record.clear(this.#offset());
    for (const line of [...element.header, ...element.lines]) this.#addLine(source, line);
    this.#finish(source, element.count, this.#offset());
    return true;
  }

  /** Adds a line that does not come through the scanner. */
  #addLine(source: Source, line: string): void {
    this.#makeRoom();
    const { table } = this.#stacks;
    const known = table.size;
    const word = table.wordOf(line);
    if (table.size > known && (word & LineKind.TEXT) !== 0) this.#noteUnknown(source, line);
    const isKernel = (word & LineKind.KERNEL) !== 0 || KERNEL_ADDRESS.test(line);
    const address = isKernel ? (ADDRESS.exec(line)?.[0].trimStart() ?? '') : '';
    const { record } = source;
    const same = address !== '' && address === record.kernelAddress ? Token.SAME_ADDRESS : 0;
    record.add(Uint32Array.of(word | same), 0, 1);
    record.kernelAddress = address;
  }

  #makeRoom(): void {
    if (this.#stacks.makeRoom(this.#sources)) this.#scanner.forget();
  }

  /** The line of a host, where the trace is of that dialect. */
  #hostLine(text: string): HostLine | undefined {
    // a thread may have such a name
    if (this.#sources.main.record.framing === 'open' && mayNameThread(text)) return undefined;
    if (!this.#prefixed && showsPrefix(text)) {
      this.#prefixed = true;
      this.#moveHeaders();
    }
    return this.#prefixed ? parseHostLine(text) : undefined;
  }

  /** Headers read before the first line that showed what the prefixes are. */
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
    for (const header of headers) this.#readHostLine(header);
    this.#scanner.forget();
  }

  #readHostLine({ host, line }: HostLine): void {
    const source = this.#sources.host(host, this.#offset());
    const framing = parseFraming(line);
    if (framing?.kind !== '>' || framing.mark !== source.openMark) this.#settle(source);
    if (framing) this.#readFraming(source, framing.kind, framing.mark);
    else if (!this.#readSpecial(source, line)) this.#addLine(source, line);
  }

  #readFraming(source: Source, kind: string, mark: string): void {
    if (kind === '<') {
      source.openMark = mark;
      source.record.open(this.#offset());
    } else if (kind === '>') {
      if (mark === source.openMark) this.#close(source);
      else source.record.strayClose();
    }
  }

  #offset(): number {
    return this.#scanner.base() + this.#scanner.position();
  }
}
