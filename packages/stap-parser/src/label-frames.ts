import { Plain, PlainFrameReader } from '@stapflame/line-scanner';
import {
  ByteNames,
  frameLabel,
  labelOf,
  leafLabelOf,
  type Frame,
  type LabelOptions,
} from '@stapflame/stacks';
import { parseLine, type ParsedFrame } from './grammar/frame.ts';
import { parseHostLine } from './grammar/host-line.ts';
import { parseThreadName } from './grammar/thread-name.ts';
import { LineKind, lineKind } from './line-kind.ts';
import { OWN_FRAMES, type TraceTable } from './trace-table.ts';

/** The kinds of names. For `SYMBOL`, `TEXT` and `PREFIXED`, labels are made on request. */
const SYMBOL = 0;
/** An unrecognised line. */
const TEXT = 1;
/** The labels of frames with a symbol (`NAMED`) and without one (`NAMELESS`). */
const NAMED = 2;
const NAMELESS = 3;
/** A frame line whose start may turn out to be a host prefix. */
const PREFIXED = 4;

/**
 * The initial and the maximum memory budget for a table's names, enough for 100,000 and 400,000 functions,
 * respectively.
 */
const BUDGET = 6 << 20;
const MOST_BUDGET = 24 << 20;
/** Maximum number of lines to remember by their text: those that the scanner does not remember. */
const MOST_LINES = 1 << 14;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * A table with one frame for each label, which keeps only the labels. Traces have many more distinct lines than names.
 * A name keeps its number even if the scanner forgets the lines with that name, so these lines are recognised quickly
 * when they are read again.
 */
export class LabelFrames implements TraceTable {
  readonly labelsOnly = true;
  #capacity: number;
  #budget = BUDGET;
  readonly #names = new ByteNames();
  readonly #labelOptions: Required<LabelOptions>;
  /** Whether a label consists only of the symbol. */
  readonly #plainLabels: boolean;
  readonly #plain = new PlainFrameReader();
  readonly #byLine = new Map<string, number>();
  #encoded: Uint8Array = new Uint8Array(1 << 10);

  constructor(capacity: number, labelOptions: Required<LabelOptions>) {
    this.#capacity = capacity;
    this.#labelOptions = labelOptions;
    this.#plainLabels = Object.values(labelOptions).every((shown) => !shown);
  }

  /** All frame numbers are lower than this. The number 0 does not stand for a frame. */
  get size(): number {
    return this.#names.size;
  }

  get full(): boolean {
    return this.size + OWN_FRAMES >= this.#capacity || this.#names.memory >= this.#budget;
  }

  get growable(): boolean {
    return this.size + OWN_FRAMES < this.#capacity && this.#budget < MOST_BUDGET;
  }

  enlarge(): void {
    this.#capacity = Math.max(this.#capacity, Math.min(this.size * 2 + OWN_FRAMES, LineKind.ID_MASK));
    this.#budget = Math.max(this.#budget, this.#names.memory * 2);
  }

  label(id: number): string {
    const name = decoder.decode(this.#names.name(id));
    switch (this.#names.kind(id)) {
      case SYMBOL:
        return leafLabelOf(labelOf(name));
      case TEXT:
        return labelOf(parseThreadName(name) ?? name);
      case PREFIXED:
        return this.#labelOf(parseLine(name)!);
      default:
        return name;
    }
  }

  frame(id: number): Frame {
    return { label: this.label(id) };
  }

  /** Adds a plain frame, and returns its line's word. Returns 0 for any other line. */
  addPlain(bytes: Uint8Array): number {
    if (!this.#plainLabels) return 0;
    const kind = this.#plain.read(bytes);
    if (kind === Plain.NONE) return 0;
    const id = this.#names.intern(bytes, this.#plain.from, this.#plain.to, SYMBOL);
    return id | (kind === Plain.KERNEL ? LineKind.KERNEL : LineKind.USER);
  }

  addLine(line: string): number {
    const parsed = parseLine(line);
    if (!parsed) return this.#add(line, TEXT) | LineKind.TEXT;
    if (parseHostLine(line)) return this.#add(line, PREFIXED) | lineKind(parsed);
    const { symbol } = parsed;
    if (symbol !== undefined && this.#plainLabels) return this.#add(symbol, SYMBOL) | lineKind(parsed);
    return this.#add(this.#labelOf(parsed), symbol === undefined ? NAMELESS : NAMED) | lineKind(parsed);
  }

  #labelOf(frame: ParsedFrame): string {
    return frameLabel(frame, frame.space === 'kernel', this.#labelOptions);
  }

  wordOf(line: string): number {
    const known = this.#byLine.get(line);
    if (known !== undefined) return known;
    if (this.#byLine.size === MOST_LINES) this.#byLine.clear();
    const word = this.addLine(line);
    this.#byLine.set(line, word);
    return word;
  }

  #add(name: string, kind: number): number {
    // a UTF-16 code unit takes up to three bytes in UTF-8
    if (name.length * 3 > this.#encoded.length) this.#encoded = new Uint8Array(name.length * 6);
    const { written } = encoder.encodeInto(name, this.#encoded);
    return this.#names.intern(this.#encoded, 0, written, kind);
  }

  adopt(other: LabelFrames, id: number): number {
    const name = other.#names.name(id);
    return this.#names.intern(name, 0, name.length, other.#names.kind(id));
  }

  leafOf(word: number): number {
    const label = this.label(word & LineKind.ID_MASK);
    const leaf = leafLabelOf(label);
    return leaf === label ? word : this.wordOf(leaf);
  }

  sameSymbol(word: number, other: number): boolean {
    return (word & LineKind.ID_MASK) === (other & LineKind.ID_MASK);
  }

  isNamed(word: number): boolean {
    return (word & LineKind.NOISE) === 0 && this.#names.kind(word & LineKind.ID_MASK) !== NAMELESS;
  }

  textOf(word: number): string {
    const id = word & LineKind.ID_MASK;
    const kind = this.#names.kind(id);
    return kind === TEXT || kind === PREFIXED ? decoder.decode(this.#names.name(id)) : '';
  }
}
