import { LineReader, Token, type LineHandler } from '@stapflame/line-scanner';
import {
  Records,
  UNKNOWN,
  type Damage,
  type Facts,
  type InputLine,
  type ReadSummary,
  type StackBatch,
} from '@stapflame/stacks';
import { framesOf } from './frame.ts';
import { readEventLine, type EventLine } from './grammar/event-line.ts';
import { parseFrameLine, parseTail, type FrameLine } from './grammar/frame-line.ts';
import { readOtherLine } from './grammar/other-line.ts';
import { resolveOptions, type PerfOptions, type ResolvedOptions } from './options.ts';

/** A summary of what was read and what was lost. A record is one sample. */
export interface PerfSummary extends ReadSummary {
  /** Number of input bytes. */
  readonly bytes: number;
  /** The event whose samples were read, without modifiers; absent if no sample has an event. */
  readonly event?: string;
  /** Number of samples left out because they have other events, by event. */
  readonly otherEvents: Readonly<Record<string, number>>;
  /** Number of skipped branch stack lines (`-F +brstack`). */
  readonly branchStacks: number;
}

/** The properties shared by samples with the same comm, thread and event. */
interface SampleKind {
  readonly roots: readonly string[];
  /** The event with its modifiers; empty if the line has no event. */
  readonly event: string;
  readonly hasPeriod: boolean;
}

/** A sample that has begun but has not ended yet. */
interface OpenSample {
  readonly kind: SampleKind;
  readonly period: number | undefined;
  /** The sample's first line, if it might not be an event line. It is ignored if no frames follow. */
  readonly doubtful?: InputLine;
  damage?: Damage;
}

/** Maximum number of events counted by name; samples with any other events are counted together. */
const MOST_EVENTS = 100;
/** Maximum number of sample kinds to remember. When there are more, all are forgotten. */
const MOST_KINDS = 1 << 15;
/** The kind of samples without an event line. */
const NO_KIND: SampleKind = { roots: [], event: '', hasPeriod: false };
const IN_TIME: Facts = { order: 'time' };
const MODIFIERS = /:[ukhGHpPSDWIeb]+$/;

/**
 * Turns `perf script` output into {@link StackBatch}es. Damage is counted in the summary. The parser does not use
 * streams: the caller may write bytes and take batches at any time. Batches are in input order.
 */
export class PerfParser implements LineHandler {
  readonly #options: ResolvedOptions;
  readonly #lines: LineReader;
  /** The samples. The open sample's lines are kept as tokens, leaf first. */
  readonly #records: Records;
  #sample: OpenSample | undefined;
  /** Sample kinds, indexed by the token of their event line. */
  #kinds: SampleKind[] = [];
  /** The event whose samples are read. */
  #chosen: string | undefined;
  /** The last sample's event, with and without its modifiers. */
  #event = '';
  #plainEvent = '';
  /** The facts about samples with a period: their order and the unit of the event's periods. */
  #counted: Facts = IN_TIME;
  readonly #otherEvents = new Map<string, number>();
  #branchStacks = 0;

  constructor(options: PerfOptions = {}) {
    this.#options = resolveOptions(options);
    this.#records = new Records(this.#options, { thread: true });
    const { maxLineLength, maxTableFrames: maxLines, addresses, scanner, event, root } = this.#options;
    const lines = {
      maxLineLength,
      maxLines,
      addresses,
      addressForm: 'bare',
      blanks: true,
      marks: false,
      events: root === 'process' || root === 'thread' ? 'thread' : 'comm',
    } as const;
    this.#lines = new LineReader(lines, scanner, this);
    this.#chosen = event;
  }

  /** Returns a buffer for input. Write the next bytes at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#lines.space();
  }

  /** Reads the `length` bytes written into {@link space}. The input may be split anywhere. */
  advance(length: number): void {
    this.#lines.advance(length);
  }

  /** Whether enough stacks have been read to call {@link take}. */
  get full(): boolean {
    return this.#records.full;
  }

  /** Returns the stacks read since the last call. */
  take(): StackBatch[] {
    return this.#records.take();
  }

  /** Ends the current input. Bytes read after this call belong to another input. */
  endInput(): void {
    this.#lines.endInput();
    this.#end();
    this.#records.endInput();
  }

  summary(): PerfSummary {
    return {
      ...this.#records.tally.summary(),
      bytes: this.#lines.bytes,
      ...(this.#chosen && { event: this.#chosen }),
      otherEvents: Object.fromEntries(this.#otherEvents),
      branchStacks: this.#branchStacks,
    };
  }

  /** Reads known frame lines, the event lines that begin samples, and the blank lines that end samples. */
  readTokens(tokens: Uint32Array, count: number): void {
    for (let i = 0; i < count;) {
      const from = i;
      while (i < count && tokens[i]! < Token.COUNT) i++;
      if (i > from) this.#add(tokens, from, i);
      if (i === count) return;
      if (tokens[i] === Token.EVENT) {
        this.#beginKnown(this.#kinds[tokens[i + 1]!]!, tokens[i + 3]! * 0x100000000 + tokens[i + 2]!);
        i += 4;
      } else {
        this.#end();
        i += 2; // the second word is the position of the blank line
      }
    }
  }

  #beginKnown(kind: SampleKind, period: number): void {
    this.#end();
    if (this.#lines.atEnd) this.#truncate();
    else this.#sample = { kind, period: kind.hasPeriod ? period : undefined };
  }

  /**
   * Adds the lines `words[from … to − 1]` to the open sample. Begins a sample if none is open, because
   * `perf script -F ip,sym` prints no line before the frames.
   */
  #add(words: Uint32Array, from: number, to: number): void {
    this.#sample ??= { kind: NO_KIND, period: undefined };
    if (!this.#records.add(words, from, to)) this.readBroken('long-record');
  }

  /** Marks the open sample as damaged. If no sample is open, begins a damaged sample. */
  readBroken(reason: Damage['reason']): void {
    this.#sample ??= { kind: NO_KIND, period: undefined };
    this.#sample.damage ??= { offset: this.#lines.offset, reason };
  }

  /** Returns a token for event lines like this one. The sample begins later, when the reader passes on the token. */
  readEvent(text: string): number | undefined {
    const line = readEventLine(text, 'sure');
    if (!line || isOtherRecord(line)) return this.readLine(text);
    this.#makeRoom();
    return this.#kinds.push(this.#kindOf(line)) - 1;
  }

  /** Reads a line that the scanner does not know yet. Returns the line's token if the line belongs to a stack. */
  readLine(text: string): number | undefined {
    const line = text.startsWith('\t') ? undefined : readEventLine(text, 'sure');
    const frame = line ? undefined : parseFrameLine(text);
    if (frame && this.#isOfStack(frame, text)) {
      this.#makeRoom();
      return this.#records.frames.add(framesOf(frame, this.#options));
    }
    const other = line && !isOtherRecord(line) ? undefined : readOtherLine(text);
    if (other?.kind === 'source' && this.#sample) {
      this.#makeRoom();
      return this.#records.frames.addSource(other);
    }
    if (other?.kind === 'lost') this.#records.tally.lost += other.events;
    else if (other?.kind === 'branches') this.#branchStacks++;
    else if (other?.kind === 'known') this.#records.facts.add(other.facts);
    else if (line) this.#begin(line);
    else this.#readDoubtful(text);
    return undefined;
  }

  /**
   * Whether the line belongs to the open sample or begins a sample. A line without a module does not count if it may
   * have been truncated by the end of the input.
   */
  #isOfStack({ module, inlined }: FrameLine, text: string): boolean {
    if (module !== undefined || inlined || text.endsWith('([unknown])')) return true;
    return !this.#lines.atEnd && (this.#sample !== undefined || /^[ \t]/.test(text));
  }

  /** Reads an unrecognised line, which may begin a sample without a thread and a time (`-F comm,ip`). */
  #readDoubtful(text: string): void {
    const doubtful = { offset: this.#lines.offset, text };
    const line = readEventLine(text, 'doubtful');
    if (text.trim() === '' && !(this.#sample && this.#lines.atEnd)) this.#end();
    else if (this.#lines.atEnd) this.#truncate();
    else if (line && this.#records.length === 0 && (!this.#sample || this.#sample.doubtful))
      this.#begin(line, doubtful);
    else this.#records.tally.ignore(doubtful);
  }

  #begin(line: EventLine, doubtful?: InputLine): void {
    this.#end();
    this.#makeRoom();
    const { tail, period } = line;
    const frame = tail === '' ? undefined : parseTail(tail);
    if (this.#lines.atEnd && frame?.module === undefined) this.#truncate();
    else this.#sample = { kind: this.#kindOf(line), period, ...(doubtful && { doubtful }) };
    if (!this.#sample || !frame) return;
    const key = this.#options.addresses ? tail : tail.replace(/^[0-9a-f]+/, '');
    this.#records.addLine(key, () => framesOf(frame, this.#options)); // a record has room for its first line
  }

  /** Counts the open sample as truncated, because the input ends in the middle of a line. */
  #truncate(): void {
    this.#records.tally.truncated++;
    this.#clear();
  }

  #clear(): void {
    this.#sample = undefined;
    this.#records.clear();
  }

  /** Ends the open sample, if there is one. */
  #end(): void {
    if (!this.#sample) return;
    const { kind, period, doubtful, damage } = this.#sample;
    if (doubtful && this.#records.length === 0 && !damage) this.#records.tally.ignore(doubtful);
    else if (this.#isChosen(kind.event)) {
      this.#records.facts.add(period === undefined ? IN_TIME : this.#counted);
      this.#records.end(period ?? 1, kind.roots, damage);
    } else this.#leaveOut(this.#plainEvent || UNKNOWN);
    this.#clear();
  }

  /**
   * Whether to read samples with this event. If no event was requested, samples with the first event or without an
   * event are read.
   */
  #isChosen(event: string): boolean {
    if (event !== this.#event) {
      this.#event = event;
      this.#plainEvent = event.replace(MODIFIERS, '');
      this.#counted = { ...IN_TIME, unit: unitOf(this.#plainEvent) };
    }
    if (event === '') return this.#chosen === undefined;
    this.#chosen ??= this.#plainEvent;
    return this.#chosen === this.#plainEvent || this.#chosen === event;
  }

  #leaveOut(event: string): void {
    const name = this.#otherEvents.size < MOST_EVENTS || this.#otherEvents.has(event) ? event : 'others';
    this.#otherEvents.set(name, (this.#otherEvents.get(name) ?? 0) + 1);
  }

  #kindOf(line: EventLine): SampleKind {
    return { roots: this.#rootsOf(line), event: line.event, hasPeriod: line.period !== undefined };
  }

  #rootsOf(line: EventLine): readonly string[] {
    const { root } = this.#options;
    if (root === 'none' || line.comm === '') return [];
    const comm = line.comm.replaceAll(' ', '_');
    if (root === 'comm' || line.id === undefined) return [comm];
    const [tid, pid = '?'] = line.id.split('/').toReversed();
    return [root === 'process' ? `${comm}-${pid}` : `${comm}-${pid}/${tid}`];
  }

  #makeRoom(): void {
    if (!this.#records.makeRoom() && this.#kinds.length < MOST_KINDS) return;
    this.#lines.forget();
    this.#kinds = [];
  }
}

/** Whether the line is a record other than a sample (`--show-lost-events`, `--show-mmap-events`, …). */
function isOtherRecord({ event, tail }: EventLine): boolean {
  return (event || tail).startsWith('PERF_RECORD_');
}

/** Returns the unit of the event's periods: nanoseconds for software clocks, otherwise the event itself. */
function unitOf(event: string): string {
  if (/^(?:cpu|task)-clock$/.test(event)) return 'ns';
  return /^[\w.:/=,@-]{1,64}$/.test(event) ? event : 'events';
}
