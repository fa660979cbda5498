/** The names of frames, each with a number from 1; bounded by its user, who asks {@link full} before adding. */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = ['']; // number 0 stands for none
  #characters = 0;
  readonly #maxNames: number;
  readonly #maxCharacters: number;

  constructor(maxNames: number, maxCharacters: number) {
    this.#maxNames = maxNames;
    this.#maxCharacters = maxCharacters;
  }

  get full(): boolean {
    return this.#names.length >= this.#maxNames || this.#characters >= this.#maxCharacters;
  }

  name(id: number): string {
    return this.#names[id]!;
  }

  find(name: string): number | undefined {
    return this.#ids.get(name);
  }

  add(name: string): number {
    const id = this.#names.length;
    this.#ids.set(name, id);
    this.#names.push(name);
    this.#characters += name.length;
    return id;
  }

  /** The names in UTF-8 byte order, and each name's place in it by number. The empty name 0 has rank 0. */
  ranking(): Ranking {
    const order = Uint32Array.from(this.#names, (_, id) => id);
    order.sort((a, b) => compareNames(this.#names[a]!, this.#names[b]!));
    const rankOf = new Uint32Array(order.length);
    for (let rank = 0; rank < order.length; rank++) rankOf[order[rank]!] = rank;
    return { rankOf, order };
  }
}

/** Places of names in UTF-8 byte order. */
export interface Ranking {
  /** Rank by id. */
  readonly rankOf: Uint32Array;
  /** Id by rank. */
  readonly order: Uint32Array;
}

/**
 * UTF-8 byte order, which is the order of code points. JavaScript's `<` compares UTF-16 units: it puts
 * the surrogates of U+10000 and above before U+E000 … U+FFFF.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return byCodePoint(unitA) - byCodePoint(unitB);
  }
  return a.length - b.length;
}

/** Moves the surrogates D800 … DFFF behind E000 … FFFF. */
function byCodePoint(unit: number): number {
  return unit < 0xd800 ? unit : unit > 0xdfff ? unit - 0x800 : unit + 0x2000;
}
