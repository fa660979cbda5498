/** `62d Perl_isSCRIPT_RUN`: size and name of an exported function. */
const LINE = /^([0-9a-f]{1,12}) (.+)$/;
const MOST_LINES = 1 << 18;

/**
 * The exported functions of a file that names no other functions. For an address in another function, SystemTap
 * prints the nearest of these names before it, however far away, with the distance to the next name as its size.
 */
export class ExportedNames {
  readonly #sizes = new Map<string, number>();

  /** @param text lines `SIZE NAME`, as saved by `record --save` */
  constructor(text: string) {
    for (const line of text.split('\n', MOST_LINES)) {
      const [, size, name] = LINE.exec(line) ?? [];
      if (name !== undefined) this.#sizes.set(name, Number.parseInt(size!, 16));
    }
  }

  /**
   * Whether code this far after the start of the function is beyond its end. False for an unknown name.
   */
  isBeyond(symbol: string, offset: number): boolean {
    const size = this.#sizes.get(symbol) ?? this.#sizes.get(symbol.replace(/@.*/, ''));
    return size !== undefined && offset >= size;
  }
}
