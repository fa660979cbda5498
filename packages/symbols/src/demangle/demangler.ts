import { faultOf, StackBatch, type Facts, type FrameTable } from '@stapflame/stacks';
import { SymbolsError } from '../errors.ts';
import { resolveOptions, type DemanglerOptions } from '../options.ts';
import { NamedFrames } from './named-frames.ts';
import { Names } from './names.ts';
import { WasmDemangler } from './wasm-demangler.ts';

/**
 * Demangles the names of frames: returns the same stacks with a table of new labels. The columns of the stacks do not
 * change. If a table has no mangled names, its stacks are returned as they are. If two labels become equal, a folder
 * after this stage merges their frames.
 */
export class Demangler {
  readonly #names: Names;
  #source: FrameTable | undefined;
  /** The table of the returned batches: the source table itself, until it contains a mangled name. */
  #table: FrameTable | undefined;
  /** Number of labels in the source table that have been checked for mangled names. */
  #seen = 0;

  /** @param compile compiles the WebAssembly demangler; called when the first mangled name is seen */
  constructor(compile: () => WebAssembly.Module, options: DemanglerOptions = {}) {
    this.#names = new Names(resolveOptions(options), new WasmDemangler(compile));
  }

  /** Returns the stacks with demangled names. Releasing the returned batch also releases the given one. */
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

  /** Returns a label with its name demangled. */
  label(label: string): string {
    return this.#names.label(label);
  }

  /** Whether demangling was stopped because too many names took too long. Later names stay mangled. */
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

  /** Returns the facts for the demangled stacks. If stacks were sorted by mangled names, they are no longer sorted. */
  #factsOf({ order, base, ...facts }: Facts): Facts {
    return {
      ...facts,
      ...(order === 'time' && { order }),
      ...(base && { base: base.map((label) => this.label(label)) }),
    };
  }
}
