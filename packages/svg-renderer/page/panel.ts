import { count, percent } from '../src/picture/amount.ts';
import { lowerBounds } from '../src/picture/bounds.ts';
import type { Layout } from '../src/picture/layout.ts';
import { set } from './attributes.ts';
import { functionColumns, shownName, treeColumns } from './columns.ts';
import {
  calleesOf,
  callersOf,
  callsOf,
  endsOf,
  functionsOf,
  type FunctionSums,
  type Merged,
} from './functions.ts';
import { Grid, type Row } from './grid.ts';
import { button, html } from './html.ts';
import type { Picture } from './picture.ts';

/** The panel's views. */
const VIEWS = ['Functions', 'Callers and callees', 'Bottom up'] as const;
type View = (typeof VIEWS)[number];

/** A tree row. Its children are created when the user expands it. */
interface Branch {
  readonly text: string;
  readonly name: number;
  readonly weight: number;
  readonly before: number;
  readonly level: number;
  isOpen: boolean;
  readonly children: () => readonly Merged[];
  readonly grow: (node: Merged) => readonly Merged[];
  below: readonly Branch[] | undefined;
}

/**
 * The panel with the functions table, the tree of a function's callers and callees, and the bottom-up tree. It is
 * closed at first.
 */
export class Panel {
  readonly element: HTMLElement = html('div', 'panel');
  readonly opener: HTMLButtonElement;
  readonly #picture: Picture;
  readonly #grid: Grid;
  readonly #note = html('p', 'sub');
  readonly #views: readonly HTMLButtonElement[];
  #view: View = 'Functions';
  /** The column that functions are sorted by; initially the total. */
  #sorted = 1;
  #functions: readonly FunctionSums[] = [];
  #branches: readonly Branch[] = [];
  /** The layout, view and function that the branches were created for. */
  #branchesOf: readonly [Layout, View, subject: number] | undefined;

  constructor(picture: Picture) {
    this.#picture = picture;
    this.#grid = new Grid(`sf-${document.querySelectorAll('.sf-panel').length}-`, {
      choose: (row) => this.#choose(row),
      toggle: (row) => this.#toggle(row),
      sort: (column) => {
        this.#sorted = column;
        this.#showFunctions();
      },
    });
    this.#views = VIEWS.map((view) =>
      button(view, '', () => {
        this.#view = view;
        this.show();
        picture.drawing.followHead();
      }),
    );
    this.opener = button('Table', 'Functions in numbers', () => {
      this.element.hidden = !this.element.hidden;
      this.show();
      picture.drawing.followHead();
    });
    this.element.hidden = true;
    this.element.append(html('div', 'group', ...this.#views), this.#note, this.#grid.element);
  }

  /** Updates the panel after the picture has changed. */
  show(): void {
    const isOpen = !this.element.hidden;
    set(this.opener, { 'aria-expanded': isOpen });
    if (!isOpen) return;
    for (const [i, view] of VIEWS.entries()) set(this.#views[i]!, { 'aria-pressed': view === this.#view });
    this.element.scrollTop = 0;
    if (this.#view === 'Functions') this.#showFunctions();
    else this.#showTree(this.#view);
  }

  /** Updates the panel after the user has selected another function. */
  followSubject(): void {
    if (this.#view === 'Callers and callees') this.show();
  }

  #showFunctions(): void {
    const { layout, look, state, found } = this.#picture;
    const { others } = layout.tree;
    const isFiltered = state.filters.length > 0;
    const columns = functionColumns(layout, look, isFiltered);
    const { key } = columns[this.#sorted]!;
    const functions = functionsOf(isFiltered ? lowerBounds(layout) : layout, isFiltered).filter(
      ({ name }) => !found || found[name] === 1,
    );
    functions.sort((a, b) => {
      const [keyA, keyB] = [key(a), key(b)];
      return keyA < keyB ? -1 : keyA > keyB ? 1 : a.name - b.name;
    });
    this.#functions = functions;
    const hasRest = others > 0 && !isFiltered && !found;
    const rest = (): Row => {
      const weight = functions.reduce((sum, { self }) => sum - self, layout.weights[0]!);
      const last = columns.length - 1;
      const cells = columns.map((_, i) =>
        i === 0 ? count(weight * look.factor) : i < last ? '' : `${count(others)} others`,
      );
      return { cells, level: 0 };
    };
    const star =
      layout.tree.before?.changed && !isFiltered
        ? ' A star marks differences that are more than chance.'
        : '';
    this.#note.textContent = `Self counts the ${look.countname} that end in a function, total all that pass through it. Click a row, or press Enter, to see only stacks with that function.${star}`;
    this.#grid.show(
      'Functions',
      columns.map(({ head }) => head),
      this.#sorted,
      {
        count: functions.length + (hasRest ? 1 : 0),
        at: (row) => {
          const sums = functions[row];
          return sums ? { cells: columns.map(({ text }) => text(sums)), level: 0 } : rest();
        },
      },
    );
  }

  #showTree(view: 'Callers and callees' | 'Bottom up'): void {
    const { layout, subject } = this.#picture;
    const of = [layout, view, view === 'Bottom up' ? 0 : subject] as const;
    if (of.some((each, i) => each !== this.#branchesOf?.[i])) {
      this.#branches =
        view === 'Bottom up' ? this.#leaves(lowerBounds(layout)) : this.#around(lowerBounds(layout), subject);
      this.#branchesOf = of;
    }
    const { dropped, weights, before } = layout.tree;
    const sum = (column: ArrayLike<number> | undefined): number =>
      column ? Array.from(column).reduce((total, weight) => total + weight, 0) : 0;
    const [undrawn, undrawnBefore] = [sum(dropped), sum(before?.dropped)];
    const hint = this.#branches.length > 0 ? '' : 'Select a function to see its callers and callees. ';
    const parts = [
      ...(undrawn > 0 ? [`${percent(undrawn, weights[0]!)} of the whole`] : []),
      ...(undrawnBefore > 0 ? [`${percent(undrawnBefore, before!.weights[0]!)} of the whole before`] : []),
    ];
    const why =
      parts.length > 0
        ? `Numbers are lower bounds because ${parts.join(' and ')} cannot be drawn, being too narrow.`
        : '';
    this.#note.textContent = hint + why;
    const columns = treeColumns(layout, this.#picture.look);
    const open = this.#open;
    const rowOf = (branch: Branch): Row => ({
      cells: columns.map(({ text }) => text(branch)),
      level: branch.level,
      ...(branch.children().length > 0 && { isOpen: branch.isOpen }),
    });
    this.#grid.show(
      view,
      columns.map(({ head }) => head),
      -1,
      { count: open.length, at: (row) => rowOf(open[row]!) },
    );
  }

  /** The trees' rows, without the children of collapsed rows. */
  get #open(): Branch[] {
    const withOpen = (branch: Branch): Branch[] => [
      branch,
      ...(branch.isOpen ? this.#below(branch) : []).flatMap(withOpen),
    ];
    return this.#branches.flatMap(withOpen);
  }

  #below(branch: Branch): readonly Branch[] {
    branch.below ??= branch.children().map((node) => this.#branch(node, branch.level + 1, branch.grow));
    return branch.below;
  }

  #branch(node: Merged, level: number, grow: Branch['grow'], text: string = this.#nameOf(node.name)): Branch {
    const { name, weight, before } = node;
    return {
      text,
      name,
      weight,
      before,
      level,
      isOpen: false,
      children: () => grow(node),
      grow,
      below: undefined,
    };
  }

  #leaves(layout: Layout): Branch[] {
    return endsOf(layout).map((node) => this.#branch(node, 0, (each) => callersOf(layout, each)));
  }

  #around(layout: Layout, name: number): Branch[] {
    // the root box is not a function
    if (name === 0) return [];
    const calls = callsOf(layout, name);
    const text = this.#nameOf(name);
    const callers = this.#branch(calls, 0, (each) => callersOf(layout, each), `Callers of ${text}`);
    const callees = this.#branch(calls, 0, (each) => calleesOf(layout, each), `Callees of ${text}`);
    callers.isOpen = true;
    callees.isOpen = true;
    return [callers, callees];
  }

  #toggle(row: number): void {
    const branch = this.#open[row];
    if (!branch) return;
    branch.isOpen = !branch.isOpen;
    this.show();
  }

  #choose(row: number): void {
    const name = this.#view === 'Functions' ? this.#functions[row]?.name : this.#open[row]?.name;
    if (name !== undefined) this.#picture.focusOn(name);
  }

  #nameOf(name: number): string {
    return shownName(this.#picture.layout, name);
  }
}
