import { parseFrame, type FrameSpace, type ParsedFrame } from './grammar/frame.ts';
import { cleanLabel, frameLabel, isProbeFrame } from './grammar/label.ts';
import { parseThreadName } from './grammar/thread-name.ts';
import type { LabelOptions } from './options.ts';
import { Token } from './tokenizer/tokenizer.ts';

/** What is known of a frame. */
export interface Frame {
  /** As it stands in folded text. */
  readonly label: string;
  readonly symbol?: string;
  /** Bytes from the start of the symbol or, where only the module is known, of the module. */
  readonly offset?: number;
  /** Path or base name, as printed. */
  readonly module?: string;
  /** `0x…`; only where the parser was asked to keep addresses. */
  readonly address?: string;
  /** `true` in the kernel, `false` in user space, absent where the trace does not say. */
  readonly kernel?: boolean;
  /** The unwinder guessed. */
  readonly inexact?: boolean;
}

/**
 * The frames of a parser, by id: a table that only grows, until it is full and a new one is begun.
 * Whoever keeps something by id must begin anew when the table is another one.
 */
export class FrameTable {
  /** Label of each frame, by id. */
  readonly labels: string[] = [];
  readonly capacity: number;
  readonly #lines: string[] = [];
  readonly #frames: (Frame | undefined)[] = [];
  readonly #labelOptions: Required<LabelOptions>;
  readonly #keepAddresses: boolean;
  /** Frames that did not come through the tokenizer, by their line. */
  readonly #byLine = new Map<string, number>();

  constructor(capacity: number, labelOptions: Required<LabelOptions>, keepAddresses: boolean) {
    this.capacity = capacity;
    this.#labelOptions = labelOptions;
    this.#keepAddresses = keepAddresses;
  }

  get size(): number {
    return this.labels.length;
  }

  get full(): boolean {
    return this.labels.length >= this.capacity;
  }

  /** Everything known of the frame; the same object each time. */
  frame(id: number): Frame {
    return (this.#frames[id] ??= this.#describe(id));
  }

  /** Adds a line of a record and gives its token: id and kind. The table must not be full. */
  addLine(line: string): number {
    const id = this.labels.length;
    const parsed = parseLine(line);
    this.labels.push(
      parsed ? frameLabel(parsed, this.#labelOptions) : cleanLabel(parseThreadName(line) ?? line),
    );
    this.#lines.push(line);
    return id | lineKind(parsed);
  }

  /** The token of a line that does not come through the tokenizer; added when it is new. */
  tokenOf(line: string): number {
    const known = this.#byLine.get(line);
    if (known !== undefined) return known;
    const token = this.addLine(line);
    this.#byLine.set(line, token);
    return token;
  }

  /** The line of which a frame was made. */
  lineOf(id: number): string {
    return this.#lines[id]!;
  }

  #describe(id: number): Frame {
    const label = this.labels[id]!;
    const parsed = parseLine(this.#lines[id]!);
    if (!parsed) return { label };
    const { symbol, offset, module, address, space, inexact } = parsed;
    return {
      label,
      ...(symbol !== undefined && { symbol }),
      ...(offset !== undefined && { offset }),
      ...(module !== undefined && { module }),
      ...(this.#keepAddresses && address !== undefined && { address }),
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
  if (!parsed) return Token.TEXT;
  if (isProbeFrame(parsed)) return Token.PROBE;
  return parsed.space === 'kernel' ? Token.KERNEL : Token.USER;
}

function kernelField(space: FrameSpace): { kernel?: boolean } {
  return space === undefined ? {} : { kernel: space === 'kernel' };
}
