import { RendererError } from './errors.ts';

/** One stack of folded text. */
export interface FoldedStack {
  /** Root first. */
  readonly frames: readonly string[];
  /** The last count. */
  readonly weight: number;
  /** The last count minus the one before it, where there are two; else 0. */
  readonly change: number;
  /** Number of its line, from 1. */
  readonly line: number;
}

/** What was lost before the folded text was written: the counts of a `# stapflame incomplete …` line. */
export type Incomplete = ReadonlyMap<string, number>;

const MAX_LINE = 1 << 24;
const STACK = /^(.*\S)\s+(\d+(?:\.\d+)?)\s*$/;
const INCOMPLETE = /^# stapflame incomplete((?: [a-z]+=\d{1,15})+)$/;

/** Reads folded text, cut anywhere: `root;…;leaf COUNT` lines. */
export class FoldedLines {
  readonly #decoder = new TextDecoder();
  /** The line that is not yet whole, in pieces: joined once, so that no line is copied twice. */
  #rest: string[] = [];
  #restLength = 0;
  #line = 0;
  #ignored = 0;
  #firstIgnored: number | undefined;
  #incomplete: Map<string, number> | undefined;

  /** The stacks of the lines that this piece completes. */
  *push(chunk: Uint8Array | string): Generator<FoldedStack> {
    yield* this.#read(typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true }));
  }

  /** The input ends here; a last line without line end counts. */
  *end(): Generator<FoldedStack> {
    yield* this.#read(`${this.#decoder.decode()}\n`);
  }

  *#read(text: string): Generator<FoldedStack> {
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      this.#rest.push(text.slice(from, to));
      const line = this.#rest.length === 1 ? this.#rest[0]! : this.#rest.join('');
      this.#rest = [];
      this.#restLength = 0;
      from = to + 1;
      const stack = this.#parse(line);
      if (stack) yield stack;
    }
    if (from < text.length) this.#keep(text.slice(from));
  }

  #keep(text: string): void {
    this.#rest.push(text);
    this.#restLength += text.length;
    if (this.#restLength <= MAX_LINE) return;
    const line = this.#line + 1;
    throw new RendererError(
      'LINE_TOO_LONG',
      `line ${line} is over ${MAX_LINE} characters; is it folded text?`,
      line,
    );
  }

  #parse(line: string): FoldedStack | undefined {
    this.#line++;
    const match = STACK.exec(line);
    if (match && !line.startsWith('# ')) return this.#stack(match[1]!, Number(match[2]));
    const incomplete = INCOMPLETE.exec(line);
    if (incomplete) this.#addIncomplete(incomplete[1]!);
    else if (line.trim() !== '' && !line.startsWith('#')) {
      this.#ignored++;
      this.#firstIgnored ??= this.#line;
    }
    return undefined;
  }

  #stack(text: string, weight: number): FoldedStack {
    const two = STACK.exec(text);
    const change = two ? weight - Number(two[2]) : 0;
    return { frames: (two ? two[1]! : text).split(';'), weight, change, line: this.#line };
  }

  #addIncomplete(fields: string): void {
    this.#incomplete ??= new Map();
    for (const field of fields.trim().split(' ')) {
      const [key, count] = field.split('=') as [string, string];
      this.#incomplete.set(key, (this.#incomplete.get(key) ?? 0) + Number(count));
    }
  }

  /** Lines that are no stack and no comment; the number of the first. */
  get ignored(): { readonly lines: number; readonly first: number | undefined } {
    return { lines: this.#ignored, first: this.#firstIgnored };
  }

  get incomplete(): Incomplete | undefined {
    return this.#incomplete;
  }
}
