import { TextSpool, type SpillStore } from '@stapflame/stacks';

/**
 * A table as the Firefox Profiler stores it: an object with one array per column. The columns are buffered until the
 * last row has been added.
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

  /** Returns the object's entries as JSON, in chunks. */
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
