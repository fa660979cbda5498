import { frameLabel, type LabelOptions } from '@stapflame/stacks';

/**
 * The suffix that marks the label of an inlined function. Inlined functions have their own colour in pictures.
 * async-profiler and the scripts that fold perf output use the same mark.
 */
const INLINED = '_[i]';

/** Maximum size of the cache of symbols and labels, in UTF-16 code units. A full cache is cleared. */
const REMEMBERED = 1 << 23;

/**
 * Creates labels for functions found by the lookup. Many addresses are in the same function, so labels are cached.
 */
export class FoundLabels {
  readonly #options: Required<LabelOptions>;
  readonly #functions = new Map<string, string>();
  readonly #inlined = new Map<string, string>();
  #size = 0;

  constructor(options: Required<LabelOptions>) {
    this.#options = options;
  }

  ofFunction(symbol: string, module: string | undefined, kernel: boolean | undefined): string {
    // not cached: few kernel functions are looked up, and a symbol's label may depend on the module
    if (kernel === true || this.#options.module) return frameLabel({ symbol, module }, kernel, this.#options);
    return this.#functions.get(symbol) ?? this.#remember(this.#functions, symbol, this.#labelOf(symbol));
  }

  ofInlined(symbol: string, module: string | undefined): string {
    if (this.#options.module) return `${frameLabel({ symbol, module }, false, this.#options)}${INLINED}`;
    const known = this.#inlined.get(symbol);
    return known ?? this.#remember(this.#inlined, symbol, `${this.#labelOf(symbol)}${INLINED}`);
  }

  #labelOf(symbol: string): string {
    return frameLabel({ symbol }, undefined, this.#options);
  }

  #remember(labels: Map<string, string>, symbol: string, label: string): string {
    this.#size += symbol.length + label.length;
    if (this.#size > REMEMBERED) {
      this.#functions.clear();
      this.#inlined.clear();
      this.#size = symbol.length + label.length;
    }
    labels.set(symbol, label);
    return label;
  }
}
