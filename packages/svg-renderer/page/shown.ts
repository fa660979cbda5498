import type { Look } from '../src/picture/draw.ts';
import type { PageData } from '../src/picture/document.ts';
import type { KeyEntry } from '../src/picture/key-line.ts';
import type { Layout, TreeData } from '../src/picture/layout.ts';
import { arrange } from './arrangement.ts';
import { applyFilters, type Filtered } from './filters.ts';
import { moduleColors, type ModuleColors } from './modules.ts';
import { Paths } from './paths.ts';
import { Search } from './search.ts';
import type { State } from './state.ts';

/** Applies a state to the tree: arranges, colours, filters and searches it. */
export class Shown {
  readonly search = new Search();
  readonly #data: PageData;
  #modules: ModuleColors | undefined;
  #tree: TreeData;
  #paths: Paths;
  #filtered: Filtered;
  #state: State;

  constructor(data: PageData, state: State) {
    this.#data = data;
    this.#state = state;
    this.#tree = data.tree;
    this.#filtered = applyFilters(this.#tree, state);
    this.#paths = new Paths(this.#tree, this.layout.parents);
  }

  get layout(): Layout {
    return this.#filtered.layout;
  }

  /** A description of each filter. */
  get chips(): readonly string[] {
    return this.#filtered.chips;
  }

  /** Box addresses, for links, and for finding the same boxes after the arrangement has changed. */
  get paths(): Paths {
    return this.#paths;
  }

  get #moduleColors(): ModuleColors {
    return (this.#modules ??= moduleColors(this.#data.tree));
  }

  get look(): Look {
    const { look } = this.#data;
    return this.#state.byModule ? { ...look, colors: this.#moduleColors.colors } : look;
  }

  get key(): readonly KeyEntry[] {
    return this.#state.byModule ? this.#moduleColors.key : this.#data.key;
  }

  /** Whether the picture has more than one module. */
  get hasModules(): boolean {
    return this.#moduleColors.key.length > 2;
  }

  apply(state: State): void {
    const last = this.#state;
    this.#state = state;
    const changed = (...keys: readonly (keyof State)[]): boolean =>
      keys.some((key) => state[key] !== last[key]);
    const isArranged = changed('byWidth', 'collapsed', 'byModule');
    if (isArranged) {
      const { tree } = this.#data;
      const colored: TreeData = state.byModule
        ? { ...tree, colorIds: this.#moduleColors.colorIds, colorsBy: 'name' }
        : tree;
      this.#tree = arrange(colored, state);
    }
    const isFiltered = isArranged || changed('filters', 'widths');
    if (isFiltered) this.#filtered = applyFilters(this.#tree, state);
    if (isArranged) this.#paths = new Paths(this.#tree, this.layout.parents);
    if (isFiltered || changed('search', 'matchCase'))
      this.search.run(this.layout, state.search, state.matchCase);
  }
}
