/** A cache that maps symbols to tokens. It is emptied when it is full. */
export class KnownSymbols {
  readonly #most: number;
  readonly #tokens = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Returns the token for the symbol `bytes[from … to − 1]`, or 0 if the symbol is not known. */
  find(bytes: Uint8Array, from: number, to: number, form: number): number {
    return this.#tokens.get(keyOf(bytes, from, to, form)) ?? 0;
  }

  add(bytes: Uint8Array, from: number, to: number, form: number, token: number): void {
    if (this.#tokens.size === this.#most) this.#tokens.clear();
    this.#tokens.set(keyOf(bytes, from, to, form), token);
  }

  clear(): void {
    this.#tokens.clear();
  }
}

/** Returns the map key for a symbol. The symbols in plain frames are ASCII, so each byte is a character. */
function keyOf(bytes: Uint8Array, from: number, to: number, form: number): string {
  let key = String.fromCharCode(form);
  for (let at = from; at < to; at++) key += String.fromCharCode(bytes[at]!);
  return key;
}
