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

/** A summary of what was read and what was lost; the records are samples. */
export interface PerfSummary extends ReadSummary {
  /** Number of input bytes. */
  readonly bytes: number;
  /** The event whose samples were read, without modifiers; absent if the samples name no event. */
  readonly event?: string;
  /** Number of samples left out, by event. */
  readonly otherEvents: Readonly<Record<string, number>>;
  /** Number of branch stack lines (`-F +brstack`), which were skipped. */
  readonly branchStacks: number;
}

/** The properties shared by samples with the same comm, thread and event. */
interface SampleKind {
  readonly roots: readonly string[];
  /** The event with its modifiers; empty if the line has no event. */
  readonly event: string;
  readonly hasPeriod: boolean;
}

/** A sample that has begun but not ended. */
interface OpenSample {
  readonly kind: SampleKind;
  readonly period: number | undefined;
  /** The sample's first line, if it may be other text unless frames follow. */
  readonly doubtful?: InputLine;
  damage?: Damage;
}

/** The most other events that are counted by name. */
const MOST_EVENTS = 100;
/** The most sample kinds to keep; then all of them are forgotten. */
const MOST_KINDS = 1 << 15;
/** The kind of a sample without an event line. */
const NO_KIND: SampleKind = { roots: [], event: '', hasPeriod: false };
const IN_TIME: Facts = { order: 'time' };
const MODIFIERS = /:[ukhGHpPSDWIeb]+$/;

/**
 * Reads `perf script` output: bytes in, {@link StackBatch}es out, damage counted in the summary. It knows nothing about
 * streams: the caller takes batches at any time, and they come in order.
 */
export class PerfParser implements LineHandler {
  readonly #options: ResolvedOptions;
  readonly #lines: LineReader;
  /** The records; the open sample's lines are words, leaf first. */
  readonly #records: Records;
  #sample: OpenSample | undefined;
  /** Sample kinds, by the words for their event lines. */
  #kinds: SampleKind[] = [];
  /** The event whose samples to read. */
  #chosen: string | undefined;
  /** The last sample's event, with and without its modifiers. */
  #event = '';
  #plainEvent = '';
  /** The facts about all samples that follow from the event's periods. */
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

  /** Room for the next bytes: write them at its start, then call {@link advance}. */
  space(): Uint8Array {
    return this.#lines.space();
  }

  /** Reads `length` bytes that were written into {@link space}. The input may be cut anywhere. */
  advance(length: number): void {
    this.#lines.advance(length);
  }

  /** Whether enough stacks are waiting, so that {@link take} should be called now. */
  get full(): boolean {
    return this.#records.full;
  }

  /** Takes the stacks read since the last call. */
  take(): StackBatch[] {
    return this.#records.take();
  }

  /** Ends the input; the next bytes belong to another input. */
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

  /** Reads known frame lines, the event lines that begin samples, and the blank lines that end them. */
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

  /** Adds the lines `words[from … to − 1]` to the open sample. If no sample is open (`-F ip,sym`), begins one. */
  #add(words: Uint32Array, from: number, to: number): void {
    this.#sample ??= { kind: NO_KIND, period: undefined };
    if (!this.#records.add(words, from, to)) this.readBroken('long-record');
  }

  /** Marks the open sample, or the sample that would have begun here, as damaged. */
  readBroken(reason: Damage['reason']): void {
    this.#sample ??= { kind: NO_KIND, period: undefined };
    this.#sample.damage ??= { offset: this.#lines.offset, reason };
  }

  /** Returns the word for event lines of this kind. The sample itself begins when this word comes back as a token. */
  readEvent(text: string): number | undefined {
    const line = readEventLine(text, 'sure');
    if (!line || isOtherRecord(line)) return this.readLine(text);
    this.#makeRoom();
    return this.#kinds.push(this.#kindOf(line)) - 1;
  }

  /** Reads a new line, and returns its word if it belongs to a stack. */
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
   * Whether the line belongs to the open sample, or begins one. A line that is cut off by the end of the input has no
   * module yet.
   */
  #isOfStack({ module, inlined }: FrameLine, text: string): boolean {
    if (module !== undefined || inlined || text.endsWith('([unknown])')) return true;
    return !this.#lines.atEnd && (this.#sample !== undefined || /^[ \t]/.test(text));
  }

  /** Reads a line with an unknown form, which may begin a sample without thread and time (`-F comm,ip`). */
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
    if (!this.#records.addLine(key, () => framesOf(frame, this.#options))) this.readBroken('long-record');
  }

  /** Marks the open sample as truncated: the text after the last line end is not a whole line. */
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
   * Whether to read samples with this event: the first event if no event was requested, or samples without an event.
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

/** Whether the line is a record but not a sample: `perf script --show-lost-events`, `--show-mmap-events`, … */
function isOtherRecord({ event, tail }: EventLine): boolean {
  return (event || tail).startsWith('PERF_RECORD_');
}

/** The unit of this event's periods: nanoseconds for software clocks. (An event name may be any text.) */
function unitOf(event: string): string {
  if (/^(?:cpu|task)-clock$/.test(event)) return 'ns';
  return /^[\w.:/=,@-]{1,64}$/.test(event) ? event : 'events';
}
