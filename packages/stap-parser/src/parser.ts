import type { StackBatch } from './batch.ts';
import { parseComment } from './grammar/comment.ts';
import { parseCount } from './grammar/count.ts';
import { hasControl, hasControlByte } from './grammar/control.ts';
import { parseDiagnostic } from './grammar/diagnostic.ts';
import { parseFraming, parseHostLine, showsPrefix, type HostLine } from './grammar/host-line.ts';
import { parseMapElement } from './grammar/map-dump.ts';
import { mayNameThread } from './grammar/thread-name.ts';
import { resolveOptions, type ParserOptions, type ResolvedParserOptions } from './options.ts';
import type { Source } from './source.ts';
import { Sources } from './sources.ts';
import { Stacks } from './stacks.ts';
import { SummaryBuilder, type ParserSummary } from './summary.ts';
import { ReferenceTokenizer } from './tokenizer/reference.ts';
import { Stop, Token, type Tokenizer, type TokenizerOptions } from './tokenizer/tokenizer.ts';

/** A summary keeps lines of stderr; this much of each. */
const DIAGNOSTIC_LENGTH = 1000;
const KERNEL_ADDRESS = /^ 0x([89a-f][0-9a-f]{15})(?![0-9a-f])/;

/**
 * Reads traces of SystemTap: bytes in, {@link StackBatch}es out, damage counted in the summary. Knows
 * nothing of streams: whoever feeds it takes the batches when it suits, and keeps the order.
 */
export class TraceParser {
  readonly #options: ResolvedParserOptions;
  readonly #tokenizer: Tokenizer;
  readonly #summary = new SummaryBuilder();
  readonly #stacks: Stacks;
  readonly #decoder = new TextDecoder();
  #sources: Sources;
  #prefixed = false;

  /** @param createTokenizer the scanner; the plain one where none is given */
  constructor(
    options: ParserOptions = {},
    createTokenizer: (options: TokenizerOptions) => Tokenizer = (given) => new ReferenceTokenizer(given),
  ) {
    this.#options = resolveOptions(options);
    this.#tokenizer = createTokenizer({
      maxLineLength: this.#options.maxLineLength,
      maxLines: this.#options.maxTableFrames,
      addresses: this.#options.addresses,
      blanks: this.#options.blankSeparated,
    });
    this.#stacks = new Stacks(this.#options, this.#summary);
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
    return this.#tokenizer.space();
  }

  /** Reads `length` bytes that were put into {@link space}. */
  advance(length: number): void {
    const tokenizer = this.#tokenizer;
    this.#summary.bytes += length;
    tokenizer.advance(length);
    for (;;) {
      const stop = tokenizer.scan();
      this.#readTokens();
      if (stop === Stop.LINE) this.#readUnknown();
      else if (stop === Stop.LONG_LINE) {
        this.#settle(this.#sources.main);
        this.#damage(this.#sources.main, 'long-line');
        tokenizer.skip();
      } else if (stop === Stop.INPUT) return;
    }
  }

  /** Frames of the stacks that wait to be taken. */
  get waiting(): number {
    return this.#stacks.waiting;
  }

  /** The stacks read since the last call. */
  take(): StackBatch[] {
    return this.#stacks.take();
  }

  /** The input ends here; the next bytes are another input's. */
  endInput(): void {
    const cut = this.#tokenizer.pending() > 0;
    const last = this.#tokenizer.base() + this.#tokenizer.position();
    for (const source of this.#sources) this.#endSource(source, cut && source === this.#sources.main, last);
    this.#tokenizer.restart();
    this.#sources = new Sources(this.#options);
    this.#prefixed = false;
  }

  #endSource(source: Source, cut: boolean, end: number): void {
    const { record } = source;
    this.#settle(source);
    if (cut || (record.begun && !this.#options.blankSeparated)) this.#summary.truncated++;
    else if (record.begun) this.#stacks.finish(source, 1, end);
    else this.#summary.ignoredLines += record.length;
    source.settle(this.#summary);
  }

  summary(): ParserSummary {
    return this.#summary.snapshot();
  }

  #readTokens(): void {
    const { tokens } = this.#tokenizer;
    const count = this.#tokenizer.tokenCount();
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
          this.#stacks.finish(source, weight, this.#tokenizer.base() + tokens[i + 3]!);
        } else source.record.start = this.#tokenizer.base() + tokens[i + 3]!;
        i += 4;
      } else {
        if (i > from) source.record.add(tokens, from, i);
        i = this.#readMark(source, token, i + 1);
      }
    }
    this.#tokenizer.clearTokens();
  }

  /** Reads a token that is neither line nor count, whose words are at `at`; gives where the next one is. */
  #readMark(source: Source, token: number, at: number): number {
    if (token === Token.CLOSE) this.#close(source);
    else if (token === Token.STRAY_CLOSE) source.record.strayClose();
    else {
      const offset = this.#tokenizer.base() + this.#tokenizer.tokens[at]!;
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

  /** A line that the tokenizer has not seen before. */
  #readUnknown(): void {
    this.#settle(this.#sources.main);
    const bytes = this.#tokenizer.line();
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
    this.#tokenizer.skip();
  }

  #intern(text: string): void {
    const sources = this.#sources;
    if (this.#stacks.makeRoom(sources)) this.#tokenizer.forget();
    if (this.#tokenizer.intern(this.#stacks.table.addLine(text))) return;
    this.#stacks.renew(this.#sources);
    this.#tokenizer.forget();
    this.#tokenizer.intern(this.#stacks.table.addLine(text));
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

  #damage(source: Source, reason: 'control-byte' | 'long-line'): void {
    source.record.damage ??= { offset: this.#offset(), reason };
  }

  /** Reads a line that belongs to no record's body; `false` where it does. */
  #readSpecial(source: Source, text: string): boolean {
    if (text.trim() === '') {
      if (this.#options.blankSeparated && !text.startsWith('\t')) this.#endGroup(source, this.#offset());
      return true;
    }
    if (text.startsWith('\t')) return this.#readCount(source, text.slice(1));
    if (source.record.framing === 'open' && mayNameThread(text)) return this.#hold(source, text);
    if (this.#addDiagnostic(text)) return true;
    if (text.startsWith('# ') && !source.record.begun) return this.#readComment(source, text);
    return this.#readMapElement(source, text);
  }

  #readCount(source: Source, text: string): boolean {
    const end = this.#offset() + text.length + 2;
    const count = parseCount(text, this.#offset());
    if (count === undefined) {
      this.#summary.addDamage({ offset: this.#offset(), reason: 'count' });
      source.record.clear(end);
    } else {
      this.#makeRoom();
      this.#stacks.finish(source, count, end);
    }
    return true;
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
      text: diagnostic.text.slice(0, DIAGNOSTIC_LENGTH),
    });
    if (diagnostic.lossy) this.#summary.errors++;
    return true;
  }

  #readComment(source: Source, text: string): boolean {
    const comment = parseComment(text);
    if (!comment) return false;
    this.#summary.ignoredLines += source.record.length;
    source.comment(comment, this.#offset(), this.#summary);
    source.record.clear(this.#offset());
    return true;
  }

  #readMapElement(source: Source, text: string): boolean {
    const element = parseMapElement(text);
    if (!element) return false;
    if (source.record.begun) this.#summary.truncated++;
    else this.#summary.ignoredLines += source.record.length;
    source.record.clear(this.#offset());
    for (const line of [...element.header, ...element.lines]) this.#addLine(source, line);
    this.#makeRoom();
    this.#stacks.finish(source, element.count, this.#offset());
    return true;
  }

  /** Adds a line that does not come through the tokenizer. */
  #addLine(source: Source, line: string): void {
    this.#makeRoom();
    const { table } = this.#stacks;
    const token = table.tokenOf(line);
    const address = KERNEL_ADDRESS.exec(line)?.[1] ?? '';
    const same = address !== '' && address === source.kernelAddress ? Token.SAME_ADDRESS : 0;
    source.kernelAddress = address;
    source.record.add(Uint32Array.of(token | same), 0, 1);
  }

  #makeRoom(): void {
    if (this.#stacks.makeRoom(this.#sources)) this.#tokenizer.forget();
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
    const lines = Array.from(record.lines.subarray(0, record.length), (token) =>
      table.lineOf(token & Token.ID_MASK),
    );
    record.clear(record.start);
    for (const line of lines) {
      const hostLine = parseHostLine(line);
      if (hostLine) this.#readHostLine(hostLine);
      else this.#addLine(this.#sources.main, line);
    }
    this.#tokenizer.forget();
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
    return this.#tokenizer.base() + this.#tokenizer.position();
  }
}
