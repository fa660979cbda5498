/** Matches the size and name of an exported function: `62d Perl_isSCRIPT_RUN`. */
const LINE = /^([0-9a-f]{1,12}) (.+)$/;
const MOST_LINES = 1 << 18;

/**
 * The exported functions of a file that names no other functions. For an address in an unnamed function, SystemTap
 * prints the nearest of these names before the address, however far away it is, and takes the distance to the next name
 * as the function's size.
 */
export class ExportedNames {
  readonly #sizes = new Map<string, number>();

  /** @param text `SIZE NAME` lines, as saved by `record --save` */
  constructor(text: string) {
    for (const line of text.split('\n', MOST_LINES)) {
      const [, size, name] = LINE.exec(line) ?? [];
      if (name !== undefined) this.#sizes.set(name, Number.parseInt(size!, 16));
    }
  }

  /**
   * Whether an offset from the start of the function is beyond the function's end. False for an unknown function.
   */
  isBeyond(symbol: string, offset: number): boolean {
    const size = this.#sizes.get(symbol) ?? this.#sizes.get(symbol.replace(/@.*/, ''));
    return size !== undefined && offset >= size;
  }
}
