import type { FrameTable } from '@stapflame/stacks';

/** Maximum number of UTF-16 code units in all names together. */
const MAX_UNITS = 1 << 24;

/** The number shared by all names beyond the limits. */
export const OTHERS = 0;
const OTHERS_NAME = '[others]';
/** Shown as the module of a name that occurs in several modules. */
const SEVERAL = '[several]';

/**
 * Assigns numbers to names. Equal labels from different tables get the same number, and all labels beyond the limits
 * get {@link OTHERS}.
 */
export class Names {
  readonly labels: string[] = [OTHERS_NAME];
  /** Each name's module; `undefined` if the module is not known. */
  readonly modules: (string | undefined)[] = [undefined];
  readonly #most: number;
  readonly #numbers = new Map<string, number>();
  #units = 0;
  #source: FrameTable | undefined;
  /** For each frame in the current table, its name's number plus 1, or 0 if the name is not known yet. */
  #numberOf = new Uint32Array(1 << 10);

  constructor(most: number) {
    this.#most = most;
  }

  /** Switches to a table. If the table is already the current one, only makes room for its new frames. */
  use(table: FrameTable): void {
    if (table !== this.#source) this.#numberOf.fill(0);
    this.#source = table;
    if (table.size <= this.#numberOf.length) return;
    const larger = new Uint32Array(table.size * 2);
    larger.set(this.#numberOf);
    this.#numberOf = larger;
  }

  /** Returns the number of a frame's name. */
  of(id: number): number {
    return (this.#numberOf[id]! ||= this.#learn(id) + 1) - 1;
  }

  #learn(id: number): number {
    const { label, module } = this.#source!.frame(id);
    const number = this.#numbers.get(label) ?? this.#add(label);
    if (module !== undefined && number !== OTHERS && (this.modules[number] ??= module) !== module)
      this.modules[number] = SEVERAL;
    return number;
  }

  #add(label: string): number {
    if (this.#numbers.size === this.#most || this.#units + label.length > MAX_UNITS) return OTHERS;
    this.#units += label.length;
    const number = this.labels.push(label) - 1;
    this.#numbers.set(label, number);
    this.modules.push(undefined);
    return number;
  }
}
