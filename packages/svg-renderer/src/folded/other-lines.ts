const INCOMPLETE = /^# stapflame incomplete((?: [a-z]+=\d{1,15})+)$/;
const HASH = 0x23;

/** What is not in the folded text: the counts of a `# stapflame incomplete …` line. */
export type Incomplete = ReadonlyMap<string, number>;

/** Weight of stacks beyond the number that a user asked the sampler for: missing from the picture, but not lost. */
export const BEYOND_LIMIT = 'beyondlimit';

/** Lines of folded text that are no stacks: comments, and what is ignored. */
export class OtherLines {
  readonly #decoder = new TextDecoder();
  #ignored = 0;
  #firstIgnored: number | undefined;
  #incomplete: Map<string, number> | undefined;

  /** Takes a line, without the blanks at its end, and its number. */
  add(bytes: Uint8Array, line: number): void {
    if (bytes.length === 0) return;
    if (bytes[0] === HASH) {
      const fields = INCOMPLETE.exec(this.#decoder.decode(bytes.subarray(0, 1000)))?.[1];
      if (fields !== undefined) this.#addIncomplete(fields);
    } else {
      this.#ignored++;
      this.#firstIgnored ??= line;
    }
  }

  #addIncomplete(fields: string): void {
    this.#incomplete ??= new Map();
    for (const field of fields.trim().split(' ')) {
      const [key, count] = field.split('=') as [string, string];
      this.#incomplete.set(key, (this.#incomplete.get(key) ?? 0) + Number(count));
    }
  }

  /** How many lines were ignored, and the number of the first. */
  get ignored(): { readonly lines: number; readonly first: number | undefined } {
    return { lines: this.#ignored, first: this.#firstIgnored };
  }

  get incomplete(): Incomplete | undefined {
    return this.#incomplete;
  }

  /** Something was lost. */
  get isLossy(): boolean {
    return [...(this.#incomplete?.keys() ?? [])].some((key) => key !== BEYOND_LIMIT);
  }
}
