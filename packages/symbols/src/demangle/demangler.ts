import { faultOf, StackBatch, type Facts, type FrameTable } from '@stapflame/stacks';
import { SymbolsError } from '../errors.ts';
import { resolveOptions, type DemanglerOptions } from '../options.ts';
import { NamedFrames } from './named-frames.ts';
import { Names } from './names.ts';
import { WasmDemangler } from './wasm-demangler.ts';

/**
 * Gives frames readable names: stacks in, the same stacks out, over a table of other labels. Columns pass untouched,
 * and so do stacks of a table in which nothing is mangled. What now has the same label is merged by a folder behind.
 */
export class Demangler {
  readonly #names: Names;
  #source: FrameTable | undefined;
  /** The table of the batches that are given: the source itself until a name in it is mangled. */
  #table: FrameTable | undefined;
  /** How many of the source's labels were looked at. */
  #seen = 0;

  /** @param compile makes the demangler in WebAssembly; called when the first mangled name comes */
  constructor(compile: () => WebAssembly.Module, options: DemanglerOptions = {}) {
    this.#names = new Names(resolveOptions(options), new WasmDemangler(compile));
  }

  /** The stacks under readable names. To release them is to release those that were given. */
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

  /** The label that such a frame gets. */
  label(label: string): string {
    return this.#names.label(label);
  }

  /** Names made to take much time did so too often: those that came later stay mangled. */
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

  /** Stacks that were sorted by the mangled names no longer are. */
  #factsOf({ order, base, ...facts }: Facts): Facts {
    return {
      ...facts,
      ...(order === 'time' && { order }),
      ...(base && { base: base.map((label) => this.label(label)) }),
    };
  }
}
