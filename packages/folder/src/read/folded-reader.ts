import type { StackColumns } from '../batch.ts';
import { FolderError } from '../errors.ts';
import { ColumnsBuilder } from '../columns-builder.ts';
import { readFoldedLine, trimEnd, type FoldedLine } from './folded-line.ts';
import { NameTable } from '../name-table.ts';
import { resolveReaderOptions, type FoldedReaderOptions } from '../options.ts';

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

/** Longest comment that is looked into. */
const MAX_COMMENT = 1000;
const INCOMPLETE = /^# stapflame incomplete((?: [a-z]+=\d{1,15})+)$/;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
/** `;` four times. */
const SEMICOLONS = 0x3b3b3b3b;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Reads folded text, cut anywhere, into batches of stacks. A line may have two counts (`stack before after`,
 * a differential text); where it has one, both are taken to be equal. Bytes that are no UTF-8 and control
 * characters become U+FFFD in labels.
 */
export class FoldedReader {
  readonly #names = new NameTable();
  readonly #columns = new ColumnsBuilder();
  readonly #found: FoldedLine = { stackTo: 0, first: 0, second: undefined };
  /** The line that is not yet whole. */
  #rest: Uint8Array = new Uint8Array(1 << 12);
  #restLength = 0;
  #ready: StackColumns[] = [];
  #differential = false;
  #atStart = true;
  #line = 0;
  #stacks = 0;
  #ignored = 0;
  #firstIgnored: number | undefined;
  readonly #incomplete = new Map<string, number>();
  readonly #maxLineLength: number;

  constructor(options: FoldedReaderOptions = {}) {
    this.#maxLineLength = resolveReaderOptions(options).maxLineLength;
  }

  /** Reads a piece of text. */
  push(chunk: Uint8Array): void {
    // one class of array for the loops over bytes: with Buffers beside it they take several times as long
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    if (this.#restLength > 0) {
      const end = bytes.indexOf(LINE_FEED);
      this.#keep(end < 0 ? bytes : bytes.subarray(0, end));
      if (end < 0) return;
      this.#endRest();
      from = end + 1;
    }
    const view = viewOf(bytes);
    for (let to = bytes.indexOf(LINE_FEED, from); to >= 0; to = bytes.indexOf(LINE_FEED, from)) {
      this.#readLine(bytes, view, from, to);
      from = to + 1;
    }
    if (from < bytes.length) this.#keep(bytes.subarray(from));
  }

  /** The input ends here; a last line without line end counts. The next bytes are another input's. */
  endInput(): void {
    if (this.#restLength > 0) this.#endRest();
    this.#atStart = true;
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

  #endRest(): void {
    const length = this.#restLength;
    this.#restLength = 0;
    this.#readLine(this.#rest, viewOf(this.#rest), 0, length);
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#restLength + bytes.length;
    if (length > this.#maxLineLength) {
      throw new FolderError(
        'LINE_TOO_LONG',
        `line ${this.#line + 1} is over ${this.#maxLineLength} bytes; is it folded text? If so, allow longer lines (--max-line-length)`,
      );
    }
    if (length > this.#rest.length) {
      const larger = new Uint8Array(Math.max(length, this.#rest.length * 2));
      larger.set(this.#rest.subarray(0, this.#restLength));
      this.#rest = larger;
    }
    this.#rest.set(bytes, this.#restLength);
    this.#restLength = length;
  }

  #readLine(bytes: Uint8Array, view: DataView, lineFrom: number, end: number): void {
    let from = lineFrom;
    if (this.#atStart) {
      this.#atStart = false;
      // behind the end of a short line may stand what an earlier one left
      const isMarked =
        end - from >= BYTE_ORDER_MARK.length && BYTE_ORDER_MARK.every((byte, i) => bytes[from + i] === byte);
      if (isMarked) from += BYTE_ORDER_MARK.length;
    }
    this.#line++;
    const found = this.#found;
    const isComment = bytes[from] === HASH && bytes[from + 1] === SPACE;
    if (isComment || !readFoldedLine(bytes, from, end, found)) this.#readOther(bytes, from, end);
    else this.#addStack(view, from, found);
  }

  #addStack(view: DataView, from: number, { stackTo, first, second }: FoldedLine): void {
    if (this.#names.full) this.#renewNames();
    if (second !== undefined && !this.#differential) {
      this.#flush();
      this.#differential = true;
    }
    const columns = this.#columns;
    const names = this.#names;
    for (let at = from; ; at = names.end + 1) {
      columns.addFrame(names.next(view, at, stackTo, SEMICOLONS));
      if (names.end === stackTo) break;
    }
    columns.endRootFirst(first, second ?? first);
    this.#stacks++;
  }

  #readOther(bytes: Uint8Array, from: number, end: number): void {
    const to = trimEnd(bytes, from, end);
    if (bytes[from] === HASH && to > from)
      this.#readComment(bytes.subarray(from, Math.min(to, from + MAX_COMMENT)));
    else if (to > from) {
      this.#ignored++;
      this.#firstIgnored ??= this.#line;
    }
  }

  #readComment(bytes: Uint8Array): void {
    const fields = INCOMPLETE.exec(new TextDecoder().decode(bytes))?.[1]?.trim().split(' ') ?? [];
    for (const field of fields) {
      const [key, count] = field.split('=') as [string, string];
      this.#incomplete.set(key, (this.#incomplete.get(key) ?? 0) + Number(count));
    }
  }

  #renewNames(): void {
    this.#flush();
    this.#names.renew();
  }

  #flush(): void {
    if (this.#columns.stackCount > 0)
      this.#ready.push(this.#columns.take(this.#names.table, this.#differential ? 2 : 1));
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
