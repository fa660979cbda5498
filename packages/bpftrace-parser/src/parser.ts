import { LineReader, type LineHandler } from '@stapflame/line-scanner';
import { Records, type Damage, type ReadSummary, type StackBatch } from '@stapflame/stacks';
import { frameOf } from './frame-line.ts';
import { mapsOf } from './json-line.ts';
import { resolveOptions, type BpftraceOptions, type ResolvedOptions } from './options.ts';

/** A summary of what was read and what was lost. A record is one map element. */
export interface BpftraceSummary extends ReadSummary {
  readonly bytes: number;
  /** The map whose elements were read. */
  readonly map?: string;
  /** Number of skipped elements per map, for the first hundred maps that were not read. */
  readonly otherMaps: Readonly<Record<string, number>>;
}

/**
 * A map element, whose keys are stacks and other values in any order:
 *
 *     @samples[burn, 30013,          the map's name, and keys
 *         vfs_read+187               frames, leaf first
 *     ,                              the next key is also a stack
 *         main+50
 *     , burn worker 7]: 12           the last key, and the count
 */
const BEGIN = /^(@\w*)\[([^]*)$/;
const END = /^([^]*)\]: (?:(\d{1,15})|[^]*)$/;
const LOST = /^Lost (\d{1,15}) events/;
const ERROR = /^(?:ERROR|error): /;
const KNOWN = /^(?:Attaching \d+ probes?\.\.\.|Attached \d+ probes?|@\w*: -?\d+)$/;
const MOST_LINES = 1 << 16; // bpftrace prints at most 127 frames per stack

/**
 * Reads bpftrace maps whose keys contain stacks, as text or as JSON. Bytes go in and {@link StackBatch}es come out. The
 * summary counts damaged records.
 */
export class BpftraceParser implements LineHandler {
  readonly #options: ResolvedOptions;
  readonly #lines: LineReader;
  readonly #records: Records;
  readonly #otherMaps = new Map<string, number>();
  /** The map to read; absent until the first map with stacks is found. */
  #chosen: string | undefined;
  /** The map of the open element; absent if no element is open. */
  #map: string | undefined;
  /** The open element's keys, except stacks. */
  #keys: string[] = [];
  /** Whether one of the open element's keys is a stack, even if that stack is empty. */
  #hasStack = false;
  #damage: Damage | undefined;

  constructor(options: BpftraceOptions = {}) {
    this.#options = resolveOptions(options);
    const { maxLineLength, maxTableFrames, scanner, map } = this.#options;
    this.#records = new Records({ maxRecordLines: MOST_LINES, maxTableFrames });
    const lines = { maxLineLength, maxLines: maxTableFrames, addresses: true, blanks: false, marks: false };
    this.#lines = new LineReader(lines, scanner, this);
    this.#chosen = map;
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
    if (this.#map !== undefined) this.#truncate();
    this.#records.endInput();
  }

  summary(): BpftraceSummary {
    return {
      ...this.#records.tally.summary(),
      bytes: this.#lines.bytes,
      ...(this.#chosen !== undefined && { map: this.#chosen }),
      otherMaps: Object.fromEntries(this.#otherMaps),
    };
  }

  readTokens(tokens: Uint32Array, count: number): void {
    if (this.#map !== undefined && !this.#records.add(tokens, 0, count)) this.readBroken('long-record');
  }

  /** Marks the open element as damaged. */
  readBroken(reason: Damage['reason']): void {
    this.#damage ??= { offset: this.#lines.offset, reason };
  }

  /** Reads a line that the scanner does not know yet. Returns the line's new token if the line is a frame. */
  readLine(text: string): number | undefined {
    this.#makeRoom();
    const begin = BEGIN.exec(text);
    const lost = LOST.exec(text);
    const { tally } = this.#records;
    if (lost) tally.lost += Number(lost[1]);
    else if (ERROR.test(text)) tally.errors++;
    else if (text.startsWith('{"')) this.#readJson(text);
    else if (begin) {
      if (this.#map !== undefined) this.#truncate();
      this.#map = begin[1]!;
      this.#readPart(`,${begin[2]}`);
    } else if (this.#map === undefined) this.#ignore(text);
    else return this.#readPart(text);
    return undefined;
  }

  #ignore(text: string): void {
    if (text.trim() !== '' && !KNOWN.test(text))
      this.#records.tally.ignore({ offset: this.#lines.offset, text });
  }

  /** Reads a line within an element: a frame, keys, or the element's end. */
  #readPart(text: string): number | undefined {
    const end = END.exec(text);
    if (end) this.#end(end[1]!, end[2]);
    else if (text.startsWith(',')) this.#addKeys(text);
    else if (this.#lines.atEnd) this.#truncate();
    else return this.#records.frames.add([frameOf(text, this.#options)]);
    return undefined;
  }

  /** Adds keys such as `, burn, 1234`. An empty key stands for a stack, whose frames, if any, are on the next lines. */
  #addKeys(text: string): void {
    const keys = text
      .replace(/^,/, '')
      .split(',')
      .map((key) => key.trim().replaceAll(' ', '_'));
    if (keys.includes('')) this.#hasStack = true;
    this.#keys.push(...keys.filter((key) => key !== ''));
    if (this.#keys.length > MOST_LINES) this.readBroken('long-record');
  }

  /**
   * Adds the open element's last keys and ends the element. At the end of the input, the count is ignored because it
   * may be missing digits.
   */
  #end(keys: string, count: string | undefined): void {
    if (this.#lines.atEnd) {
      this.#truncate();
      return;
    }
    if (keys !== '') this.#addKeys(keys);
    if (count === undefined) this.#records.tally.ignore({ offset: this.#lines.offset, text: `${keys}]` });
    else this.#add(Number(count));
    this.#clear();
  }

  #add(count: number): void {
    const map = this.#map!;
    if (this.#hasStack || this.#records.length > 0 || this.#damage) this.#chosen ??= map;
    const others = this.#otherMaps.get(map) ?? 0;
    if (map === this.#chosen) this.#records.end(count, this.#keys.toReversed(), this.#damage);
    else if (others > 0 || this.#otherMaps.size < 100) this.#otherMaps.set(map, others + 1);
  }

  /** Reads a line of `-f json` output, which may contain a complete map. */
  #readJson(text: string): void {
    const maps = mapsOf(text);
    if (!maps && this.#lines.atEnd) this.#truncate();
    else if (!maps) this.#ignore(text);
    for (const [map, key, count] of maps ?? []) {
      this.#makeRoom();
      this.#map = map;
      const [keys = '', ...lines] = key.split('\n');
      this.#addKeys(keys);
      for (const line of lines.filter((each) => each !== '')) {
        if (line.startsWith(',')) this.#addKeys(line);
        else if (!this.#records.addLine(line, () => [frameOf(line, this.#options)]))
          this.readBroken('long-record');
      }
      this.#add(count);
      this.#clear();
    }
  }

  #makeRoom(): void {
    if (this.#records.makeRoom()) this.#lines.forget();
  }

  #truncate(): void {
    this.#records.tally.truncated++;
    this.#clear();
  }

  #clear(): void {
    this.#records.clear();
    this.#map = undefined;
    this.#keys = [];
    this.#hasStack = false;
    this.#damage = undefined;
  }
}
