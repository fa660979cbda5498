import { frameLabel, type LabelOptions } from '@stapflame/stacks';

/**
 * Ends the label of an inlined function: pictures colour such labels. async-profiler and perf's folders use the same
 * mark.
 */
const INLINED = '_[i]';

/** The most UTF-16 units of remembered symbols and labels. Beyond this number, all are forgotten. */
const REMEMBERED = 1 << 23;

/**
 * The labels of found functions. Many addresses are in the same function, so its label is made only once.
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
    // few kernel functions are looked up, and a label may show the module
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
