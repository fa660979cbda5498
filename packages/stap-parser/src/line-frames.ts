import { frameLabel, labelOf, leafLabelOf, type Frame, type LabelOptions } from '@stapflame/stacks';
import { parseLine, type FrameSpace } from './grammar/frame.ts';
import { parseThreadName } from './grammar/thread-name.ts';
import { LineKind, lineKind } from './line-kind.ts';
import { OWN_FRAMES, type TraceTable } from './trace-table.ts';

/** A table with one frame for each distinct line. Everything in the line is kept. */
export class LineFrames implements TraceTable {
  #capacity: number;
  readonly #labels: string[] = [];
  readonly #lines: string[] = [];
  readonly #frames: (Frame | undefined)[] = [];
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
    return this.#labels.length;
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
    return this.#labels[id]!;
  }

  /** Returns everything that is known about the frame, always in the same object. */
  frame(id: number): Frame {
    return (this.#frames[id] ??= this.#describe(id));
  }

  addLine(line: string): number {
    const id = this.#labels.length;
    const parsed = parseLine(line);
    this.#labels.push(
      parsed
        ? frameLabel(parsed, parsed.space === 'kernel', this.#labelOptions)
        : labelOf(parseThreadName(line) ?? line),
    );
    this.#lines.push(line);
    return id | lineKind(parsed);
  }

  adopt(other: LineFrames, id: number): number {
    this.#lines.push(other.#lines[id]!);
    return this.#labels.push(other.#labels[id]!) - 1;
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
    const label = this.#labels[id]!;
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
    return this.#lines[word & LineKind.ID_MASK]!;
  }

  #describe(id: number): Frame {
    const label = this.#labels[id]!;
    const line = this.#lines[id]!;
    const parsed = parseLine(line);
    if (!parsed) return { label, ...(parseThreadName(line) !== undefined && { thread: true }) };
    const { symbol, offset, module, address, file, space, inexact } = parsed;
    return {
      label,
      ...(symbol !== undefined && { symbol }),
      ...(offset !== undefined && { offset }),
      ...(module !== undefined && { module }),
      ...(this.#keepAddresses && address !== undefined && { address }),
      ...(file !== undefined && { file }),
      ...(parsed.line !== undefined && { line: parsed.line }),
      ...kernelField(space),
      ...(inexact && { inexact }),
    };
  }
}

function kernelField(space: FrameSpace): { kernel?: boolean } {
  return space === undefined ? {} : { kernel: space === 'kernel' };
}
