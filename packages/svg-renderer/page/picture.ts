import type { PageData } from '../src/picture/document.ts';
import { drawBoxes, withoutAnnotation, type Look } from '../src/picture/draw.ts';
import { shown } from '../src/picture/escape.ts';
import type { Layout } from '../src/picture/layout.ts';
import { actionsOf } from './actions.ts';
import { Address, type Manner } from './address.ts';
import { CallTree, type Place } from './call-tree.ts';
import { copied } from './copy.ts';
import { applyFilters, type Filtered } from './filters.ts';
import { Foot } from './foot.ts';
import { callsOf } from './functions.ts';
import { boxUnder, isWithin, pathTo, placeOf, widestAround } from './geometry.ts';
import { Head } from './head.ts';
import { Help } from './help.ts';
import { listenToKeys } from './keys.ts';
import { Panel } from './panel.ts';
import { Paths } from './paths.ts';
import { set } from './attributes.ts';
import { Pointer } from './pointer.ts';
import { listenToPrint } from './print.ts';
import { Search } from './search.ts';
import type { Filter, Link, State } from './state.ts';
import { detailsText, resultText } from './texts.ts';
import { createToolbar, type Toolbar } from './toolbar.ts';
import { Viewport } from './viewport.ts';

const MARGIN = 10;
const MOST_WIDTH = 100_000;
/** On paper, where it is shrunk to the sheet, labels of a wider picture could not be read. */
const PAPER_WIDTH = 1000;
/** A match that is narrower, in px, is not seen. */
const LEAST_SEEN = 3;

/** The picture once its script runs: draws what the state asks for, and changes the state as the reader acts. */
export class Picture {
  readonly root: SVGSVGElement;
  readonly #data: PageData;
  #state: State;
  #filtered: Filtered;
  readonly #search = new Search();
  #width = 0;
  readonly toolbar: Toolbar;
  readonly tree: CallTree;
  readonly #boxes: SVGGElement;
  readonly #head: Head;
  readonly #viewport: Viewport;
  readonly #foot: Foot;
  readonly #pointer: Pointer;
  readonly #panel: Panel;
  /** Alone in its window, the picture has the address bar for itself. */
  readonly #address: Address | undefined;

  constructor(root: SVGSVGElement, data: PageData) {
    this.root = root;
    this.#data = data;
    this.#state = { zoom: 0, inverted: data.inverted, filters: [], search: '', matchCase: false };
    this.#filtered = applyFilters(data.tree, []);
    this.#boxes = root.querySelector('g.boxes')!;
    this.#foot = new Foot(data);
    this.#pointer = new Pointer(this, this.#boxes);
    this.tree = new CallTree(`${data.title}: arrow keys move, Enter zooms, Escape shows everything`);
    this.toolbar = createToolbar(data, actionsOf(this));
    this.#panel = new Panel(this);
    const help = new Help(data, () => this.drawAnew());
    this.toolbar.reset.before(this.#panel.opener);
    this.toolbar.reset.after(help.opener);
    this.toolbar.element.append(help.element, this.#panel.element);
    this.#head = new Head(this.toolbar, data.look.height);
    const page = document.documentElement;
    const isDocument = root.isSameNode(page) || page.hasAttribute('data-stapflame-page');
    this.#viewport = new Viewport(this.#head, isDocument);
    if (isDocument && window.parent === window) {
      this.#address = new Address(this.#state, new Paths(data.tree, this.layout.parents));
    }
  }

  start(): void {
    const { root } = this;
    root.querySelector('g.static')?.setAttribute('display', 'none');
    root.removeAttribute('viewBox');
    root.setAttribute('role', 'group');
    root.setAttribute('aria-label', this.#data.title);
    if (this.#data.width === 0) root.setAttribute('width', '100%');
    root.append(this.#foot.element);
    // behind the boxes in the file, and so before them to the eye: it stays in sight where they scroll
    this.#boxes.after(this.#pointer.same, this.#pointer.outline, this.tree.element, this.#head.element);
    listenToKeys(this);
    listenToPrint(this);
    this.tree.onFocus(() => this.describe(this.tree.current));
    this.toolbar.details.textContent =
      'Point at a box, click to zoom; with the keyboard, Tab to the boxes and use the arrow keys.';
    if (this.#address) {
      window.addEventListener('hashchange', () => this.#follow(this.#address!.read()));
      this.#follow(this.#address.read());
    } else this.#apply(this.#state);
    this.#viewport.showRoot(this.#state.inverted);
    new ResizeObserver(() => {
      if (this.#placeWidth() !== this.#width) this.#draw();
    }).observe(root);
  }

  get state(): State {
    return this.#state;
  }

  get layout(): Layout {
    return this.#filtered.layout;
  }

  /** 1 for each name that the search found, where there is one. */
  get found(): Uint8Array | undefined {
    return this.#search.found?.names;
  }

  get look(): Look {
    return this.#data.look;
  }

  /** Changes the state by what the reader did: a link holds it, and Back undoes it. */
  change(part: Partial<State>, manner?: Manner): void {
    const { filters, inverted } = this.#state;
    this.#apply({ ...this.#state, ...part });
    if (this.#state.filters !== filters) this.#say(this.#foot.text);
    if (this.#state.inverted !== inverted) this.#viewport.showRoot(this.#state.inverted);
    this.#address?.write(this.#state, manner);
  }

  /** Goes where a link leads. */
  #follow({ state, fits }: Link): void {
    this.#apply(state);
    if (!fits) this.#say('This link was made for another picture: what it zooms to is not in this one.');
  }

  type(search: string): void {
    this.change({ search }, 'typing');
  }

  zoom(box: number): void {
    this.tree.current = box;
    this.change({ zoom: box });
    this.describe(box);
  }

  reset(): void {
    this.change({ zoom: 0, filters: [], search: '' });
  }

  /** Makes a box the one that keys and buttons are about. */
  select(box: number, manner?: Manner): void {
    const { parents, ends } = this.layout;
    let { zoom } = this.#state;
    while (!isWithin(box, zoom, ends) && !isWithin(zoom, box, ends)) zoom = parents[zoom]!;
    if (zoom !== this.#state.zoom) this.change({ zoom }, manner);
    this.#showTree(box);
    this.describe(box);
    this.#viewport.reveal(this.tree.item);
  }

  /** Selects the next or previous match, and zooms where it would be too narrow to be seen. */
  step(by: 1 | -1): void {
    const box = this.#search.step(by);
    if (box < 0) return;
    this.select(box, 'stepping');
    if (this.placeOf(box).width < LEAST_SEEN) {
      this.change({ zoom: widestAround(this.layout, box, this.#inner / LEAST_SEEN) }, 'stepping');
      this.select(box, 'stepping');
    }
    this.#showResult();
  }

  /** Copies the stack that ends in the current box. */
  async copy(): Promise<void> {
    const { names, nameIds } = this.#data.tree;
    const path = pathTo(this.layout, this.tree.current);
    // the root box is no function
    const stack = path.slice(path.length > 1 ? 1 : 0).map((box) => names[nameIds[box]!]!);
    this.#say(await copied(stack.join(';')));
  }

  filterSelected(kind: Filter['kind']): void {
    const { names, nameIds } = this.#data.tree;
    this.#filter({ kind, by: 'name', text: names[nameIds[this.tree.current]!]! });
  }

  /** Shows only stacks with a function, in place of another one that they were to have. */
  focusOn(name: number): void {
    const text = this.#data.tree.names[name]!;
    const filters = this.#state.filters.filter(({ kind, by }) => kind === 'hide' || by !== 'name');
    this.change({ filters: [...filters, { kind: 'focus', by: 'name', text }], zoom: 0 });
    const { boxes, weights } = callsOf(this.layout, name);
    const widest = boxes[weights.indexOf(Math.max(...weights))];
    if (widest !== undefined) this.select(widest);
    this.#panel.show();
  }

  filterFound(kind: Filter['kind']): void {
    const { search: text, matchCase } = this.#state;
    this.#filter({ kind, by: matchCase ? 'expression in this case' : 'expression', text });
  }

  #filter(filter: Filter): void {
    const search = filter.by === 'name' ? this.#state.search : '';
    this.change({ filters: [...this.#state.filters, filter], zoom: 0, search });
  }

  /** Shows a state, whatever it was before. */
  #apply(state: State): void {
    const { filters, search, matchCase } = this.#state;
    this.#state = state;
    const isFiltered = state.filters !== filters && state.filters.length + filters.length > 0;
    if (isFiltered) this.#filtered = applyFilters(this.#data.tree, state.filters);
    if (isFiltered || state.search !== search || state.matchCase !== matchCase)
      this.#search.run(this.layout, state.search, state.matchCase);
    if (this.layout.weights[state.zoom] === 0) this.#state = { ...state, zoom: 0 };
    this.#showControls();
    this.#draw();
  }

  #showControls(): void {
    const { toolbar } = this;
    const { zoom, inverted, filters, search, matchCase } = this.#state;
    if (toolbar.input.value !== search) toolbar.input.value = search;
    toolbar.matchCase.setAttribute('aria-pressed', String(matchCase));
    toolbar.turn.setAttribute('aria-pressed', String(inverted));
    toolbar.reset.disabled = zoom === 0 && filters.length === 0 && search === '';
    toolbar.input.setAttribute('aria-invalid', String(this.#search.error !== ''));
    toolbar.onFound.hidden = (this.#search.found?.boxes.length ?? 0) === 0;
    toolbar.showFilters(this.#filtered.chips);
    this.#panel.show();
    toolbar.showPath(pathTo(this.layout, zoom), (box) => shown(this.#nameOf(box)));
    this.#foot.show(this.layout, filters);
    this.#showResult();
  }

  #showResult(): void {
    this.toolbar.result.textContent = resultText(this.#search, this.layout, this.#state);
  }

  /** In px. */
  get width(): number {
    return this.#width;
  }

  /** Draws what is shown in another medium. */
  drawAnew(): void {
    this.#head.forget();
    this.#draw();
  }

  #draw(): void {
    const { look } = this.#data;
    this.#width = this.#placeWidth();
    const inner = this.#inner;
    this.#head.measure(this.#width);
    this.#viewport.followScroll();
    const rows = this.layout.rows.length * look.height;
    const drawn = drawBoxes(this.layout, look, {
      width: inner,
      inverted: this.#state.inverted,
      zoom: this.#state.zoom,
      matches: this.found,
    });
    this.#boxes.innerHTML = `<title></title><rect class="ground" width="${inner}" height="${rows}"/>${drawn}`;
    for (const element of [this.#boxes, this.#pointer.same, this.#pointer.outline, this.tree.element]) {
      element.setAttribute('transform', `translate(${MARGIN} ${this.#head.height})`);
    }
    const bottom = this.#head.height + rows;
    this.#foot.measure(MARGIN, inner);
    set(this.#foot.element, { y: bottom + 4 });
    this.root.setAttribute('height', String(bottom + 4 + this.#foot.height));
    this.#pointer.leave();
    const { current } = this.tree;
    this.#showTree(this.layout.weights[current] === 0 ? this.#state.zoom : current);
  }

  #showTree(box: number): void {
    this.tree.show(this.layout, this.#data.look, box, this.#state.inverted, (each) => this.placeOf(each));
    for (const button of this.toolbar.onSelected) button.disabled = box === 0;
  }

  get #inner(): number {
    return Math.max(1, this.#width - MARGIN * 2);
  }

  #placeWidth(): number {
    const width = this.#data.width || this.root.getBoundingClientRect().width || 1200;
    return Math.min(this.root.classList.contains('printing') ? PAPER_WIDTH : MOST_WIDTH, Math.round(width));
  }

  placeOf(box: number): Place {
    return placeOf(this.layout, this.#state.zoom, this.#inner, box);
  }

  boxUnder(event: MouseEvent): number {
    const { left, top } = this.root.getBoundingClientRect();
    const row = Math.floor((event.clientY - top - this.#head.height) / this.#data.look.height);
    const share = (event.clientX - left - MARGIN) / this.#inner;
    return boxUnder(this.layout, this.#state, row, share);
  }

  /** Tells what is known of a box. */
  describe(box: number): void {
    this.#say(detailsText(this.#data, this.layout, box, this.#state));
  }

  #say(text: string): void {
    this.toolbar.details.textContent = text;
    this.toolbar.details.title = text;
  }

  #nameOf(box: number): string {
    return withoutAnnotation(this.#data.tree.names[this.#data.tree.nameIds[box]!]!);
  }
}
