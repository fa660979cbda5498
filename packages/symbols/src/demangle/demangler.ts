import { faultOf, StackBatch, type Facts, type FrameTable } from '@stapflame/stacks';
import { SymbolsError } from '../errors.ts';
import { resolveOptions, type DemanglerOptions } from '../options.ts';
import { NamedFrames } from './named-frames.ts';
import { Names } from './names.ts';
import { WasmDemangler } from './wasm-demangler.ts';

/**
 * Gives frames readable names: stacks in, the same stacks out, with a table of new labels. Columns do not change, nor
 * do stacks whose table has no mangled names. A folder after this stage merges frames that now have the same label.
 */
export class Demangler {
  readonly #names: Names;
  #source: FrameTable | undefined;
  /** The table of the returned batches: the source itself until it has a mangled name. */
  #table: FrameTable | undefined;
  /** Number of the source's labels checked. */
  #seen = 0;

  /** @param compile makes the WebAssembly demangler; called for the first mangled name */
  constructor(compile: () => WebAssembly.Module, options: DemanglerOptions = {}) {
    this.#names = new Names(resolveOptions(options), new WasmDemangler(compile));
  }

  /** The stacks with readable names. Releasing them also releases the given ones. */
  demangle(batch: StackBatch): StackBatch {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new SymbolsError('INVALID_STACKS', fault);
    const table = this.#tableFor(batch.table);
    if (table === batch.table) return batch;
    const { frames, bounds, weights } = batch;
    return new StackBatch({
      table,
      frames,
      bounds,
      weights,
      facts: this.#factsOf(batch.facts),
      release: () => batch.release(),
    });
  }

  /** Returns the new label for this label. */
  label(label: string): string {
    return this.#names.label(label);
  }

  /** Too many names took too much time, so later names stay mangled. */
  get gaveUp(): boolean {
    return this.#names.gaveUp;
  }

  #tableFor(source: FrameTable): FrameTable {
    if (source !== this.#source) {
      this.#source = source;
      this.#table = source;
      this.#seen = 0;
    }
    for (; this.#table === source && this.#seen < source.size; this.#seen++)
      if (this.#names.concern(source.label(this.#seen))) this.#table = new NamedFrames(source, this.#names);
    return this.#table!;
  }

  /** Stacks sorted by mangled names are not sorted by readable ones. */
  #factsOf({ order, base, ...facts }: Facts): Facts {
    return {
      ...facts,
      ...(order === 'time' && { order }),
      ...(base && { base: base.map((label) => this.label(label)) }),
    };
  }
}
