import { FolderError } from './errors.ts';
import type { StackColumns } from './batch.ts';

/** What was read of folded text. */
export interface FoldedReaderSummary {
  /** Stacks read. */
  readonly stacks: number;
  /** Lines that are no stack, no comment and not blank, and the number of the first. */
  readonly ignoredLines: number;
  readonly firstIgnoredLine: number | undefined;
  /** Counts of the `# stapflame incomplete KEY=N …` lines, added up. */
  readonly incomplete: ReadonlyMap<string, number>;
}

/** Longest line in characters. */
const MAX_LINE = 1 << 24;
/** Names of one table; beyond them a new one is begun. */
const MAX_NAMES = 1 << 15;
/** root;…;leaf COUNT */
const STACK = /^(.*\S)\s+(\d+(?:\.\d+)?)\s*$/;
const INCOMPLETE = /^# stapflame incomplete((?: [a-z]+=\d{1,15})+)$/;

/** Reads folded text, cut anywhere, into batches of stacks. */
export class FoldedReader {
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  readonly #copy = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The line that is not yet whole, in pieces: joined once, so that no line is copied twice. */
  #rest: string[] = [];
  #restLength = 0;
  #table: { labels: string[] } = { labels: [] };
  #ids = new Map<string, number>();
  #frames: number[] = [];
  #bounds: number[] = [0];
  #weights: number[] = [];
  #ready: StackColumns[] = [];
  #line = 0;
  #stacks = 0;
  #ignored = 0;
  #firstIgnored: number | undefined;
  readonly #incomplete = new Map<string, number>();

  /** Reads a piece of text. */
  push(chunk: Uint8Array): void {
    this.#read(this.#decoder.decode(chunk, { stream: true }));
  }

  /** The input ends here; a last line without line end counts. The next bytes are another input's. */
  endInput(): void {
    this.#read(`${this.#decoder.decode()}\n`);
  }

  /** The stacks read since the last call. */
  take(): StackColumns[] {
    this.#flush();
    return this.#ready.splice(0);
  }

  summary(): FoldedReaderSummary {
    return {
      stacks: this.#stacks,
      ignoredLines: this.#ignored,
      firstIgnoredLine: this.#firstIgnored,
      incomplete: this.#incomplete,
    };
  }

  #read(text: string): void {
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      this.#rest.push(text.slice(from, to));
      const line = this.#rest.length === 1 ? this.#rest[0]! : this.#rest.join('');
      this.#rest = [];
      this.#restLength = 0;
      from = to + 1;
      this.#parse(line);
    }
    if (from === text.length) return;
    this.#rest.push(text.slice(from));
    this.#restLength += text.length - from;
    if (this.#restLength > MAX_LINE) {
      throw new FolderError(
        'LINE_TOO_LONG',
        `line ${this.#line + 1} is over ${MAX_LINE} characters; is it folded text?`,
      );
    }
  }

  #parse(line: string): void {
    this.#line++;
    const match = STACK.exec(line);
    if (match) this.#addStack(match[1]!, Number(match[2]));
    else if (!this.#readComment(line) && line.trim() !== '') {
      this.#ignored++;
      this.#firstIgnored ??= this.#line;
    }
  }

  #addStack(stack: string, weight: number): void {
    if (this.#table.labels.length > MAX_NAMES) this.#renew();
    const labels = stack.split(';');
    for (let i = labels.length - 1; i >= 0; i--) this.#frames.push(this.#id(labels[i]!));
    this.#bounds.push(this.#frames.length);
    this.#weights.push(weight);
    this.#stacks++;
  }

  #id(label: string): number {
    const known = this.#ids.get(label);
    if (known !== undefined) return known;
    const id = this.#table.labels.length;
    // a name of its own: a slice would keep the whole chunk of text alive
    const own = this.#copy.decode(this.#encoder.encode(label));
    this.#ids.set(own, id);
    this.#table.labels.push(own);
    return id;
  }

  #readComment(line: string): boolean {
    if (!line.startsWith('#')) return false;
    const fields = INCOMPLETE.exec(line)?.[1]?.trim().split(' ') ?? [];
    for (const field of fields) {
      const [key, count] = field.split('=') as [string, string];
      this.#incomplete.set(key, (this.#incomplete.get(key) ?? 0) + Number(count));
    }
    return true;
  }

  #renew(): void {
    this.#flush();
    this.#table = { labels: [] };
    this.#ids = new Map();
  }

  #flush(): void {
    if (this.#weights.length === 0) return;
    this.#ready.push({
      table: this.#table,
      frames: Uint32Array.from(this.#frames),
      bounds: Uint32Array.from(this.#bounds),
      weights: [Float64Array.from(this.#weights)],
    });
    this.#frames = [];
    this.#bounds = [0];
    this.#weights = [];
  }
}
