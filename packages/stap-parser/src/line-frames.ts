import { frameLabel, labelOf, leafLabelOf, type Frame, type LabelOptions } from '@stapflame/stacks';
import { parseLine, type ParsedFrame } from './grammar/frame.ts';
import { parseHostLine } from './grammar/host-line.ts';
import { parseThreadName } from './grammar/thread-name.ts';
import { LineKind, lineKind } from './line-kind.ts';
import { OWN_FRAMES, type TraceTable } from './trace-table.ts';

type Draft = { -readonly [field in keyof Frame]: Frame[field] };

/** A table with one frame for each distinct line. Everything in the line is kept. */
export class LineFrames implements TraceTable {
  #capacity: number;
  readonly #frames: Frame[] = [];
  /** The text of each line that is not recognised or may have a host prefix, by frame number. */
  readonly #texts = new Map<number, string>();
  readonly #labelOptions: Required<LabelOptions>;
  readonly #keepAddresses: boolean;
  /** The words for lines that the scanner does not remember. */
  readonly #byLine = new Map<string, number>();

  constructor(capacity: number, labelOptions: Required<LabelOptions>, keepAddresses: boolean) {
    this.#capacity = capacity;
    this.#labelOptions = labelOptions;
    this.#keepAddresses = keepAddresses;
  }

  get size(): number {
    return this.#frames.length;
  }

  get full(): boolean {
    return this.size + OWN_FRAMES >= this.#capacity;
  }

  get growable(): boolean {
    return false;
  }

  enlarge(): void {
    this.#capacity = Math.max(this.#capacity, Math.min(this.size * 2 + OWN_FRAMES, LineKind.ID_MASK));
  }

  label(id: number): string {
    return this.#frames[id]!.label;
  }

  /** Returns everything that is known about the frame, always in the same object. */
  frame(id: number): Frame {
    return this.#frames[id]!;
  }

  addLine(line: string): number {
    const parsed = parseLine(line);
    const id = this.#frames.push(parsed ? this.#frameOf(parsed) : textFrame(line)) - 1;
    if (!parsed || parseHostLine(line)) this.#texts.set(id, line);
    return id | lineKind(parsed);
  }

  adopt(other: LineFrames, id: number): number {
    const text = other.#texts.get(id);
    if (text !== undefined) this.#texts.set(this.size, text);
    return this.#frames.push(other.#frames[id]!) - 1;
  }

  wordOf(line: string): number {
    const known = this.#byLine.get(line);
    if (known !== undefined) return known;
    const token = this.addLine(line);
    this.#byLine.set(line, token);
    return token;
  }

  leafOf(word: number): number {
    const id = word & LineKind.ID_MASK;
    const { label } = this.#frames[id]!;
    const leaf = leafLabelOf(label);
    return leaf === label ? word : this.wordOf(leaf);
  }

  sameSymbol(word: number, other: number): boolean {
    const [a, b] = [word, other].map((each) => this.frame(each & LineKind.ID_MASK));
    return a!.symbol === b!.symbol && a!.module === b!.module;
  }

  isNamed(word: number): boolean {
    if ((word & LineKind.NOISE) !== 0) return false;
    return (word & LineKind.TEXT) !== 0 || this.frame(word & LineKind.ID_MASK).symbol !== undefined;
  }

  textOf(word: number): string {
    return this.#texts.get(word & LineKind.ID_MASK) ?? '';
  }

  /** Reads fields in a fixed order, because V8 then handles all frames with the same fields alike. */
  #frameOf(parsed: ParsedFrame): Frame {
    const { symbol, offset, module, address, file, line, space, inexact } = parsed;
    const frame: Draft = { label: frameLabel(parsed, space === 'kernel', this.#labelOptions) };
    if (symbol !== undefined) frame.symbol = symbol;
    if (offset !== undefined) frame.offset = offset;
    if (module !== undefined) frame.module = module;
    if (this.#keepAddresses && address !== undefined) frame.address = address;
    if (file !== undefined) frame.file = file;
    if (line !== undefined) frame.line = line;
    if (space !== undefined) frame.kernel = space === 'kernel';
    if (inexact) frame.inexact = true;
    return frame;
  }
}

function textFrame(line: string): Frame {
  const name = parseThreadName(line);
  return name === undefined ? { label: labelOf(line) } : { label: labelOf(name), thread: true };
}
