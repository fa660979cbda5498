import { Token } from '@stapflame/line-scanner';
import { headerStart, numberField, parseComment, type TraceComment } from './grammar/comment.ts';
import { hasControl } from './grammar/control.ts';
import { parseCount, parseCountLine } from './grammar/count.ts';
import { messageWithin, parseDiagnostic } from './grammar/diagnostic.ts';
import { parseFrame } from './grammar/frame.ts';
import { parseMapElement } from './grammar/map-dump.ts';
import { mayNameThread, parseThreadName } from './grammar/thread-name.ts';
import { LineKind } from './line-kind.ts';
import type { ResolvedParserOptions } from './options.ts';
import type { Source } from './source.ts';
import type { StackMaker } from './stack-maker.ts';
import type { SummaryBuilder } from './summary.ts';
import type { TraceFacts } from './trace-facts.ts';

/** Maximum number of characters to show from a line in a summary. */
const SHOWN_LENGTH = 1000;
const KERNEL_ADDRESS = /^[ \t]*0x[89a-f][0-9a-f]{15}(?![0-9a-f])/;
const ADDRESS = /^[ \t]*0x[0-9a-f]+/;

/** The parser functions used for special lines. */
export interface TraceLines {
  /** Returns the byte offset of the current line. */
  offset(): number;
  /** Makes room for one more line in the frame table. */
  makeRoom(): void;
}

/**
 * Reads lines other than frames: headers, trailers, rare formats of counts, separators, messages, global arrays and
 * thread names.
 */
export class SpecialLines {
  /** Number of headers and trailers read so far. */
  comments = 0;
  readonly #options: ResolvedParserOptions;
  readonly #summary: SummaryBuilder;
  readonly #facts: TraceFacts;
  readonly #stacks: StackMaker;
  readonly #lines: TraceLines;

  constructor(
    options: ResolvedParserOptions,
    summary: SummaryBuilder,
    facts: TraceFacts,
    stacks: StackMaker,
    lines: TraceLines,
  ) {
    this.#options = options;
    this.#summary = summary;
    this.#facts = facts;
    this.#stacks = stacks;
    this.#lines = lines;
  }

  /** Reads a special line. Returns `false` for a line that must be added to the record. */
  read(source: Source, text: string): boolean {
    if (text.trim() === '') {
      if (this.#options.blankSeparated && !text.startsWith('\t')) this.endGroup(source, this.#lines.offset());
      return true;
    }
    if (source.record.framing === 'open') {
      // a thread may have any name, so a name with a mark is always read as a name
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

  /** Whether the line's meaning may depend on its position. The scanner must not remember such a line. */
  dependsOnPlace({ record }: Source, text: string): boolean {
    if (parseComment(text)) return true;
    if (record.framing !== 'open') return false;
    return (
      headerStart(text) >= 0 ||
      messageWithin(text) >= 0 ||
      this.#options.separator?.test(text) === true ||
      parseMapElement(text) !== undefined ||
      parseCountLine(text) !== undefined
    );
  }

  /** Reads a line with control bytes. They damage the record, unless they are the terminal colours in a message. */
  readControl(source: Source, text: string): void {
    const diagnostic = parseDiagnostic(text);
    if (diagnostic && !hasControl(diagnostic.text)) this.#addDiagnostic(text);
    else this.damage(source, 'control-byte');
  }

  /**
   * Reads a header, which begins a new trace wherever it is. An unfinished record or line before it counts as
   * truncated.
   */
  #readHeader(source: Source, text: string): boolean {
    const at = headerStart(text);
    const header = at < 0 ? undefined : parseComment(text.slice(at));
    if (header?.kind !== 'header') return false;
    const { record } = source;
    if (at > 0 || record.begun) this.#summary.truncated++;
    else this.#summary.ignoredLines += record.length;
    this.#facts.begin(header, this.#lines.offset(), this.#summary.records);
    this.#takeComment(source, header);
    return true;
  }

  #readSeparator(source: Source, text: string): boolean {
    const match = this.#options.separator?.exec(text);
    if (!match) return false;
    const end = this.#lines.offset() + text.length + 1;
    if (match[1] === undefined) this.endGroup(source, end);
    else this.#endCounted(source, parseCount(match[1]), end);
    return true;
  }

  /** Handles a separator with a number. `count` is `undefined` if the number is not a count. */
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

  /** Reads a line with a message in its middle. This damages the record, because the line's parts would be misread. */
  #readTorn(source: Source, text: string): boolean {
    const at = messageWithin(text);
    if (at < 0 || parseFrame(text) !== undefined) return false;
    if (text.slice(0, at).trim() !== '') this.damage(source, 'message');
    return this.#addDiagnostic(text.slice(at));
  }

  #readCount(source: Source, text: string): boolean {
    const line = parseCountLine(text);
    if (line === undefined) return false;
    this.#finish(source, line === 'broken' ? undefined : line.count, this.#lines.offset() + text.length + 1);
    return true;
  }

  /** Ends the record. The next record begins at `end`. Without a count, the record is damaged and has no weight. */
  #finish(source: Source, count: number | undefined, end: number): void {
    if (count === undefined) {
      this.#summary.addDamage({ offset: this.#lines.offset(), reason: 'count' });
      source.record.clear(end);
    } else {
      this.#lines.makeRoom();
      this.#stacks.finish(source, count, end);
    }
  }

  /** Ends a sample at a blank line or at a separator without a count. */
  endGroup(source: Source, end: number): void {
    if (source.record.length > 0 || source.record.begun) this.#stacks.finish(source, 1, end);
  }

  /**
   * Holds a line that looks like a message in an open framed record. If the next line is the `#>`, the held line is the
   * thread's name. Makes room for the name now, because the table must not change while tokens are being read.
   */
  #hold(source: Source, text: string): boolean {
    if (!parseDiagnostic(text)) return false;
    this.#lines.makeRoom();
    source.held = { text, offset: this.#lines.offset() };
    return true;
  }

  /** Reads the held line, if any, as a message. */
  settle(source: Source): void {
    const { held } = source;
    if (!held) return;
    source.held = undefined;
    this.#addDiagnostic(held.text, held.offset);
  }

  /** Handles a matching `#>`. If there is a held line, it is the thread's name. */
  close(source: Source): void {
    const { held } = source;
    source.held = undefined;
    if (held) this.addLine(source, held.text);
    source.record.close();
  }

  #addDiagnostic(text: string, offset: number = this.#lines.offset()): boolean {
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

  /**
   * Reads a trailer that was added to a truncated record. A trailer is accepted only at the end of the input;
   * elsewhere, the line may be part of a module's name.
   */
  readLastTrailer(source: Source, end: number): void {
    const { begun, lines, length } = source.record;
    if (!begun || length === 0) return;
    const trailer = parseComment(this.#stacks.table.textOf(lines[length - 1]!));
    // a thread's name is too short to contain the number of hits
    if (!trailer || numberField(trailer, 'hits') === undefined) return;
    this.comments++;
    source.comment(trailer, end, this.#summary);
  }

  #takeComment(source: Source, comment: TraceComment): void {
    this.comments++;
    source.comment(comment, this.#lines.offset(), this.#summary);
    source.record.clear(this.#lines.offset());
  }

  #readMapElement(source: Source, text: string): boolean {
    const element = parseMapElement(text);
    if (!element) return false;
    if (source.record.begun) this.#summary.truncated++;
    else this.#summary.ignoredLines += source.record.length;
    source.record.clear(this.#lines.offset());
    for (const line of [...element.header, ...element.lines]) this.addLine(source, line);
    this.#finish(source, element.count, this.#lines.offset());
    return true;
  }

  /** Adds a line to the record without having the scanner remember it. */
  addLine(source: Source, line: string): void {
    this.#lines.makeRoom();
    const { table } = this.#stacks;
    const known = table.size;
    const word = table.wordOf(line);
    if (table.size > known && (word & LineKind.TEXT) !== 0) this.noteUnknown(source, line);
    const isKernel = (word & LineKind.KERNEL) !== 0 || KERNEL_ADDRESS.test(line);
    const address = isKernel ? (ADDRESS.exec(line)?.[0].trimStart() ?? '') : '';
    const { record } = source;
    const same = address !== '' && address === record.kernelAddress ? Token.SAME_ADDRESS : 0;
    record.add(Uint32Array.of(word | same), 0, 1);
    record.kernelAddress = address;
  }

  /** Notes an unrecognised line, except in framed records, whose root frames have no fixed format. */
  noteUnknown(source: Source, text: string): void {
    if (source.framed || source.record.framing !== 'none') return;
    this.#summary.addUnknown({ offset: this.#lines.offset(), text: text.slice(0, SHOWN_LENGTH) });
  }

  damage(source: Source, reason: 'control-byte' | 'long-line' | 'message'): void {
    source.record.damage ??= { offset: this.#lines.offset(), reason };
  }
}
