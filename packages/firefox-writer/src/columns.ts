import { TextSpool, type SpillStore } from '@stapflame/stacks';

/**
 * A table in the Firefox Profiler's form: an object of columns. The columns are put aside until all rows are
 * complete.
 */
export class Columns<Name extends string> {
  readonly #columns: readonly (readonly [name: Name, values: TextSpool])[];
  #length = 0;

  constructor(store: SpillStore, names: readonly Name[]) {
    this.#columns = names.map((name) => [name, new TextSpool(store)] as const);
  }

  add(row: Readonly<Record<Name, number | boolean | null>>): void {
    const isFirst = this.#length++ === 0;
    for (const [name, values] of this.#columns) {
      if (!isFirst) values.text(',');
      const value = row[name];
      if (typeof value === 'number') values.number(value);
      else values.text(String(value));
    }
  }

  /** The entries of the object, in pieces. */
  *take(): Generator<Uint8Array | string> {
    for (const [name, values] of this.#columns) {
      yield `"${name}":[`;
      yield* values.take();
      yield '],';
    }
    yield `"length":${this.#length}`;
  }

  /** Closes temporary files. */
  dispose(): void {
    for (const [, values] of this.#columns) values.dispose();
  }
}
