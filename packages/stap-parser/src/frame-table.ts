import { labelOf, leafLabelOf, type Frame, type FrameTable } from '@stapflame/stacks';
import { parseFrame, type FrameSpace, type ParsedFrame } from './grammar/frame.ts';
import { frameLabel, isNoise } from './grammar/label.ts';
import { parseThreadName } from './grammar/thread-name.ts';
import type { LabelOptions } from './options.ts';
import { LineKind } from './line-kind.ts';

/** The frames of a trace, by number, each made of its line. When the table is full a new one is begun. */
export class TraceFrames implements FrameTable {
  #capacity: number;
  readonly #labels: string[] = [];
  readonly #lines: string[] = [];
  readonly #frames: (Frame | undefined)[] = [];
  readonly #labelOptions: Required<LabelOptions>;
  readonly #keepAddresses: boolean;
  /** Frames that did not come through the scanner, by their line. */
  readonly #byLine = new Map<string, number>();

  constructor(capacity: number, labelOptions: Required<LabelOptions>, keepAddresses: boolean) {
    this.#capacity = capacity;
    this.#labelOptions = labelOptions;
    this.#keepAddresses = keepAddresses;
  }

  get size(): number {
    return this.#labels.length;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Makes room for `capacity` frames, where that is more. */
  enlarge(capacity: number): void {
    this.#capacity = Math.max(this.#capacity, capacity);
  }

  label(id: number): string {
    return this.#labels[id]!;
  }

  /** Everything that is known of the frame, the same object each time; its address only where addresses are kept. */
  frame(id: number): Frame {
    return (this.#frames[id] ??= this.#describe(id));
  }

  /** Adds a line of a record and gives its word: number and kind. The table must not be full. */
  addLine(line: string): number {
    const id = this.#labels.length;
    const parsed = parseLine(line);
    this.#labels.push(
      parsed ? frameLabel(parsed, this.#labelOptions) : labelOf(parseThreadName(line) ?? line),
    );
    this.#lines.push(line);
    return id | lineKind(parsed);
  }

  /** Adds a frame of another table and gives its number here. */
  adopt(other: TraceFrames, id: number): number {
    this.#lines.push(other.#lines[id]!);
    return this.#labels.push(other.#labels[id]!) - 1;
  }

  /** The word of a line that does not come through the scanner; added when it is new. */
  wordOf(line: string): number {
    const known = this.#byLine.get(line);
    if (known !== undefined) return known;
    const token = this.addLine(line);
    this.#byLine.set(line, token);
    return token;
  }

  /** The word for this line where it is a leaf: a text that ends in a blank and a number gets a frame of its own. */
  leafOf(word: number): number {
    const id = word & LineKind.ID_MASK;
    const label = this.#labels[id]!;
    const leaf = leafLabelOf(label);
    return leaf === label ? word : this.wordOf(leaf);
  }

  /** Whether two lines of a known form name the same function, or no function of the same module. */
  sameSymbol(word: number, other: number): boolean {
    const [a, b] = [word, other].map((each) => this.frame(each & LineKind.ID_MASK));
    return a!.symbol === b!.symbol && a!.module === b!.module;
  }

  /** Whether the line names a function: it is no frame of which only the module is known. */
  isNamed(word: number): boolean {
    if ((word & LineKind.NOISE) !== 0) return false;
    return (word & LineKind.TEXT) !== 0 || this.frame(word & LineKind.ID_MASK).symbol !== undefined;
  }

  /** The line of which a frame was made. */
  lineOf(id: number): string {
    return this.#lines[id]!;
  }

  #describe(id: number): Frame {
    const label = this.#labels[id]!;
    const parsed = parseLine(this.#lines[id]!);
    if (!parsed) return { label };
    const { symbol, offset, module, address, file, line, space, inexact } = parsed;
    return {
      label,
      ...(symbol !== undefined && { symbol }),
      ...(offset !== undefined && { offset }),
      ...(module !== undefined && { module }),
      ...(this.#keepAddresses && address !== undefined && { address }),
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      ...kernelField(space),
      ...(inexact && { inexact }),
    };
  }
}

/** The frame on the line; a thread's name is none, whatever it reads like. */
function parseLine(line: string): ParsedFrame | undefined {
  return parseThreadName(line) === undefined ? parseFrame(line) : undefined;
}

function lineKind(parsed: ParsedFrame | undefined): number {
  if (!parsed) return LineKind.TEXT;
  if (isNoise(parsed)) return LineKind.NOISE;
  return parsed.space === 'kernel' ? LineKind.KERNEL : LineKind.USER;
}

function kernelField(space: FrameSpace): { kernel?: boolean } {
  return space === undefined ? {} : { kernel: space === 'kernel' };
}
