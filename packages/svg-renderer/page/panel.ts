import { count, percent, points } from '../src/picture/amount.ts';
import { withoutAnnotation } from '../src/picture/draw.ts';
import { shown } from '../src/picture/escape.ts';
import type { Layout } from '../src/picture/layout.ts';
import { set } from './attributes.ts';
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
import { intervalText } from './interval.ts';
import type { Picture } from './picture.ts';

/** What the panel shows. */
const VIEWS = ['Functions', 'Callers and callees', 'Bottom up'] as const;
type View = (typeof VIEWS)[number];

/** A column of the table of functions. */
interface Column {
  readonly head: string;
  readonly text: (sums: FunctionSums) => string;
  readonly key: (sums: FunctionSums) => number | string;
}

/** A row of a tree. Its children are made when it is opened. */
interface Branch {
  readonly text: string;
  readonly name: number;
  readonly weight: number;
  readonly level: number;
  isOpen: boolean;
  readonly children: () => readonly Merged[];
  readonly grow: (node: Merged) => readonly Merged[];
  below: readonly Branch[] | undefined;
}

/** The table of functions, the callers and callees of one function, and the tree from the leaves. Closed at first. */
export class Panel {
  readonly element: HTMLElement = html('div', 'panel');
  readonly opener: HTMLButtonElement;
  readonly #picture: Picture;
  readonly #grid: Grid;
  readonly #note = html('p', 'sub');
  readonly #views: readonly HTMLButtonElement[];
  #view: View = 'Functions';
  /** The column that the functions are sorted by, at first their total. */
  #sorted = 1;
  #functions: readonly FunctionSums[] = [];
  #branches: readonly Branch[] = [];
  /** What the branches were made from. */
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
      }),
    );
    this.opener = button('Table', 'Functions in numbers', () => {
      this.element.hidden = !this.element.hidden;
      this.show();
      picture.drawing.drawAnew();
    });
    this.element.hidden = true;
    this.element.append(html('div', 'group', ...this.#views), this.#note, this.#grid.element);
  }

  /** Updates the panel from the picture. */
  show(): void {
    const isOpen = !this.element.hidden;
    set(this.opener, { 'aria-expanded': isOpen });
    if (!isOpen) return;
    for (const [i, view] of VIEWS.entries()) set(this.#views[i]!, { 'aria-pressed': view === this.#view });
    this.element.scrollTop = 0;
    if (this.#view === 'Functions') this.#showFunctions();
    else this.#showTree(this.#view);
  }

  /** Updates the panel after another function was selected. */
  followSubject(): void {
    if (this.#view === 'Callers and callees') this.show();
  }

  get #bound(): string {
    const { layout, state } = this.#picture;
    // filters do not see what is not drawn, so it counts even if they leave none of it
    if (!layout.tree.dropped.some((weight) => weight > 0)) return '';
    return state.filters.some(({ kind }) => kind === 'hide') ? '≈ ' : '≥ ';
  }

  #showFunctions(): void {
    const { layout, look, state, found } = this.#picture;
    const { others } = layout.tree;
    const isFiltered = state.filters.length > 0;
    const columns = this.#columns(isFiltered ? this.#bound : '');
    const { key } = columns[this.#sorted]!;
    const functions = functionsOf(layout, isFiltered).filter(({ name }) => !found || found[name] === 1);
    functions.sort((a, b) => {
      const [keyA, keyB] = [key(a), key(b)];
      return keyA < keyB ? -1 : keyA > keyB ? 1 : a.name - b.name;
    });
    this.#functions = functions;
    const rows = functions.map((each) => ({ cells: columns.map(({ text }) => text(each)), level: 0 }));
    if (others > 0 && !isFiltered && !found) {
      const rest = functions.reduce((sum, { self }) => sum - self, layout.weights[0]!);
      const last = columns.length - 1;
      const cells = columns.map((_, i) =>
        i === 0 ? count(rest * look.factor) : i < last ? '' : `${count(others)} others`,
      );
      rows.push({ cells, level: 0 });
    }
    this.#note.textContent = `Self counts the ${look.countname} that end in a function, total all that pass through it. Click a row, or press Enter, to see only stacks with that function.`;
    this.#grid.show(
      'Functions',
      columns.map(({ head }) => head),
      this.#sorted,
      rows,
    );
  }

  /** The columns of the table. Rows are sorted by the key of a column, the least first. */
  #columns(bound: string): readonly Column[] {
    const { layout, look } = this.#picture;
    const { weights, before, tree } = layout;
    const [all, allBefore] = [weights[0]!, before?.[0] ?? 0];
    const text = (weight: number): string => bound + count(weight * look.factor);
    const change = ({ total, before }: FunctionSums): string => points(total, all, before, allBefore);
    return [
      { head: 'Self', text: ({ self }) => text(self), key: ({ self }) => -self },
      { head: 'Total', text: ({ total }) => text(total), key: ({ total }) => -total },
      {
        head: 'Share',
        text: ({ total }) => bound + percent(total, all) + intervalText(total, all, look),
        key: ({ total }) => -total,
      },
      ...(before
        ? [
            {
              head: 'Before',
              text: (each: FunctionSums) => text(each.before),
              key: (each: FunctionSums) => -each.before,
            },
            {
              head: 'Points',
              text: (each: FunctionSums) => bound + change(each),
              key: (each: FunctionSums) => -Math.abs(each.total / all - each.before / allBefore),
            },
          ]
        : []),
      { head: 'Function', text: ({ name }) => this.#nameOf(name), key: ({ name }) => tree.names[name]! },
    ];
  }

  #showTree(view: 'Callers and callees' | 'Bottom up'): void {
    const { layout, subject } = this.#picture;
    const of = [layout, view, view === 'Bottom up' ? 0 : subject] as const;
    if (of.some((each, i) => each !== this.#branchesOf?.[i])) {
      this.#branches = view === 'Bottom up' ? this.#leaves(layout) : this.#around(layout, subject);
      this.#branchesOf = of;
    }
    const bound = this.#bound;
    const { dropped, weights } = layout.tree;
    const undrawn = dropped.reduce((sum, weight) => sum + weight, 0);
    const hint = this.#branches.length > 0 ? '' : 'Select a function to see its callers and callees. ';
    const kind = bound === '≥ ' ? 'lower bounds' : 'approximate';
    const why = `Numbers are ${kind} because ${percent(undrawn, weights[0]!)} of the whole is too narrow to be drawn.`;
    this.#note.textContent = hint + (bound === '' ? '' : why);
    const rows = this.#open.map(({ text, weight, level, isOpen, children }): Row => ({
      cells: [
        bound + count(weight * this.#picture.look.factor),
        bound + percent(weight, layout.weights[0]!),
        text,
      ],
      level,
      ...(children().length > 0 && { isOpen }),
    }));
    this.#grid.show(view, ['Weight', 'Share', 'Function'], -1, rows);
  }

  /** The visible rows of the trees. */
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
    const { name, weight } = node;
    return { text, name, weight, level, isOpen: false, children: () => grow(node), grow, below: undefined };
  }

  #leaves(layout: Layout): Branch[] {
    return endsOf(layout).map((node) => this.#branch(node, 0, (each) => callersOf(layout, each)));
  }

  #around(layout: Layout, name: number): Branch[] {
    // the root is not a function
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
    return shown(withoutAnnotation(this.#picture.layout.tree.names[name]!));
  }
}
