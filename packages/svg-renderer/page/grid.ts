import { set } from './attributes.ts';
import { html } from './html.ts';

/** A row of a {@link Grid}. Its last cell holds a name. */
export interface Row {
  readonly cells: readonly string[];
  /** Depth in the tree, counted from 0. */
  readonly level: number;
  /** Whether the row's children are shown; absent if the row has no children. */
  readonly isOpen?: boolean;
}

/** The rows of a {@link Grid}. The grid requests only the visible rows. */
export interface Rows {
  readonly count: number;
  readonly at: (row: number) => Row;
}

/** A column. The last column contains names and gets the remaining width. */
export interface Head {
  readonly text: string;
  /** In characters. */
  readonly width: number;
}

/** Handlers for the user's actions. */
export interface GridActions {
  readonly choose: (row: number) => void;
  /** Opens or closes the row. */
  readonly toggle: (row: number) => void;
  readonly sort: (column: number) => void;
}

const ROW_HEIGHT = 22;
/** Number of rows above and below the visible ones that also have elements. */
const SPARE = 4;

/**
 * A table or tree of any length. Only visible rows have elements. The grid is one Tab stop, and arrow keys select a
 * row.
 */
export class Grid {
  readonly element: HTMLElement = html('div', 'scroll');
  readonly #table = html('table', 'grid');
  readonly #head = html('thead', 'heads');
  readonly #body = html('tbody', 'rows');
  readonly #actions: GridActions;
  readonly #id: string;
  #rows: Rows | undefined;
  #current = 0;

  /** @param id prefix of the row elements' ids, unique in the page */
  constructor(id: string, actions: GridActions) {
    this.#id = id;
    this.#actions = actions;
    set(this.#table, { role: 'treegrid', tabindex: 0 });
    this.#table.append(this.#head, this.#body);
    this.element.append(this.#table);
    this.element.addEventListener('scroll', () => this.#draw());
    this.#table.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('click', ({ target }) => {
      const row = (target as Element).closest('tr')?.getAttribute('aria-rowindex');
      if (!row) return;
      this.#current = Number(row) - 2;
      this.#act((target as Element).closest('.sf-toggle') !== null);
    });
  }

  /** @param sorted the column that the rows are sorted by; −1 if the user cannot sort them */
  show(label: string, heads: readonly Head[], sorted: number, rows: Rows): void {
    this.#rows = rows;
    this.#current = Math.min(this.#current, Math.max(0, rows.count - 1));
    set(this.#table, { 'aria-label': label, 'aria-rowcount': rows.count + 1 });
    const line = html('tr', 'row');
    for (const [column, { text, width }] of heads.entries()) {
      const head = html('th', 'head-cell', text);
      if (column < heads.length - 1) head.style.width = `${width}ch`;
      if (sorted >= 0) {
        const sort = html('button', 'sort', text);
        sort.addEventListener('click', () => this.#actions.sort(column));
        head.replaceChildren(sort);
        const order = column < heads.length - 1 ? 'descending' : 'ascending';
        set(head, { 'aria-sort': column === sorted ? order : 'none' });
      }
      line.append(head);
    }
    this.#head.replaceChildren(line);
    this.#table.style.minWidth = `${heads.reduce((sum, { width }) => sum + width, 0)}ch`;
    this.#draw();
  }

  get #count(): number {
    return this.#rows?.count ?? 0;
  }

  #draw(): void {
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW_HEIGHT) - SPARE);
    const last = Math.min(this.#count, first + Math.ceil(this.element.clientHeight / ROW_HEIGHT) + 2 * SPARE);
    const lines = [space(first)];
    for (let i = first; i < last; i++) lines.push(this.#line(i));
    lines.push(space(this.#count - last));
    this.#body.replaceChildren(...lines);
    set(this.#table, { 'aria-activedescendant': this.#id + this.#current });
  }

  #line(at: number): HTMLElement {
    const { cells, level, isOpen } = this.#rows!.at(at);
    const line = html('tr', 'row');
    set(line, {
      id: this.#id + at,
      'aria-rowindex': at + 2,
      'aria-level': level + 1,
      'aria-selected': at === this.#current,
    });
    for (const cell of cells) line.append(html('td', 'cell', cell));
    const name = line.lastElementChild as HTMLElement;
    name.title = name.textContent;
    name.style.paddingLeft = `${level * 14 + 6}px`;
    if (isOpen === undefined) return line;
    set(line, { 'aria-expanded': isOpen });
    name.prepend(html('span', 'toggle', isOpen ? '▾ ' : '▸ '));
    return line;
  }

  #act(toggles: boolean): void {
    if (toggles) this.#actions.toggle(this.#current);
    else if (this.#current < this.#count) this.#actions.choose(this.#current);
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#table) return;
    const { key } = event;
    const isOpen = this.#current < this.#count ? this.#rows!.at(this.#current).isOpen : undefined;
    if (key === 'Enter') this.#act(false);
    else if (key === 'ArrowRight' ? isOpen === false : key === 'ArrowLeft' && isOpen) this.#act(true);
    else {
      const page = Math.floor(this.element.clientHeight / ROW_HEIGHT) - 1;
      const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[
        key
      ];
      if (by === undefined) return;
      this.#current = Math.max(0, Math.min(this.#count - 1, this.#current + by));
      const top = this.#current * ROW_HEIGHT;
      const { scrollTop, clientHeight } = this.element;
      // the column heads cover the first row
      this.element.scrollTop = Math.min(top, Math.max(scrollTop, top + 2 * ROW_HEIGHT - clientHeight));
      this.#draw();
    }
    event.preventDefault();
  }
}

function space(rows: number): HTMLElement {
  const line = html('tr', 'room');
  set(line, { 'aria-hidden': true });
  line.style.height = `${rows * ROW_HEIGHT}px`;
  return line;
}
