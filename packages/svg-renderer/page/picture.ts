import type { PageData } from '../src/picture/document.ts';
import { nameOf, type Look } from '../src/picture/draw.ts';
import type { Layout } from '../src/picture/layout.ts';
import { actionsOf } from './actions.ts';
import { Address, type Manner } from './address.ts';
import type { CallTree } from './call-tree.ts';
import { copied } from './copy.ts';
import { Drawing } from './drawing.ts';
import { callsOf } from './functions.ts';
import { isWithin, pathTo, widestAround } from './geometry.ts';
import { Help } from './help.ts';
import { listenToKeys } from './keys.ts';
import { partOf } from './motion.ts';
import { Panel } from './panel.ts';
import { listenToPrint } from './print.ts';
import { Shown } from './shown.ts';
import { initialState, type Filter, type Link, type State } from './state.ts';
import { detailsText, resultText } from './texts.ts';
import { createToolbar, type Toolbar } from './toolbar.ts';
import { ViewMenu } from './view-menu.ts';

/** Smallest width of a visible box, in px. */
const LEAST_SEEN = 3;

/** The live picture. It shows its state, and changes this state when the user acts. */
export class Picture {
  readonly toolbar: Toolbar;
  readonly drawing: Drawing;
  readonly #data: PageData;
  #state: State;
  readonly #shown: Shown;
  readonly #panel: Panel;
  readonly #menu: ViewMenu;
  /** The address bar; absent unless the picture fills the window. */
  readonly #address: Address | undefined;
  /** The last function selected. Its boxes may be too narrow to be drawn. */
  #subject = 0;

  constructor(root: SVGSVGElement, data: PageData) {
    this.#data = data;
    this.#state = initialState(data);
    this.#shown = new Shown(data, this.#state);
    this.toolbar = createToolbar(data, actionsOf(this));
    this.drawing = new Drawing(root, data, this);
    this.#panel = new Panel(this);
    this.#menu = new ViewMenu(this, data);
    const help = new Help(data, () => this.drawing.followHead());
    this.toolbar.reset.before(this.#panel.opener, this.#menu.opener);
    this.toolbar.reset.after(help.opener);
    this.toolbar.element.append(help.element, this.#menu.element, this.#panel.element);
    if (this.drawing.isDocument && window.parent === window) this.#address = new Address(this.#state);
  }

  start(): void {
    this.drawing.start();
    listenToKeys(this);
    listenToPrint(this.drawing);
    this.tree.onFocus(() => this.describe(this.tree.current));
    this.say(
      'Point at a box for details; click it to zoom. With the keyboard, press Tab to reach the boxes, then use the arrow keys.',
    );
    const address = this.#address;
    if (address) {
      window.addEventListener('hashchange', () => this.#follow(address.read()));
      this.#follow(address.read());
    } else this.#apply(this.#state);
    this.drawing.showRoot();
    this.drawing.followSize();
    // wait until the browser has painted the picture
    requestAnimationFrame(() => setTimeout(() => this.#shown.paths.prepare()));
  }

  get state(): State {
    return this.#state;
  }

  get layout(): Layout {
    return this.#shown.layout;
  }

  get look(): Look {
    return this.#shown.look;
  }

  get tree(): CallTree {
    return this.drawing.tree;
  }

  /** Contains 1 for each name that matches the search; absent if there is no search. */
  get found(): Uint8Array | undefined {
    return this.#shown.search.found?.names;
  }

  /** Whether boxes can be coloured by module. */
  get hasModules(): boolean {
    return this.#shown.hasModules;
  }

  /** The number of the function whose callers and callees are shown. */
  get subject(): number {
    return this.#subject;
  }

  /** Changes the state after the user has acted, and updates the address so that Back undoes the change. */
  change(part: Partial<State>, manner?: Manner): void {
    const last = this.#state;
    const from = partOf(this.layout, last.zoom);
    this.#apply({ ...last, ...part });
    const state = this.#state;
    if (state.zoom !== last.zoom && this.layout.widths[last.zoom]! > 0) this.drawing.animateFrom(from);
    if (state.filters !== last.filters) this.say(this.drawing.foot.text);
    if (state.inverted !== last.inverted) this.drawing.showRoot();
    this.#address?.write(state, this.#shown.paths.addressOf(state.zoom), manner);
  }

  /** Changes the boxes' arrangement but keeps the zoom and the current box if those boxes still exist. */
  arrange(part: Partial<State>): void {
    const { paths } = this.#shown;
    const [zoom, current] = [this.#state.zoom, this.tree.current].map((box) => paths.addressOf(box));
    this.#shown.apply({ ...this.#state, ...part });
    const boxAt = (address: string): number => Math.max(0, this.#shown.paths.boxAt(address));
    this.tree.current = boxAt(current!);
    this.change({ ...part, zoom: boxAt(zoom!) });
    this.say(this.drawing.foot.text);
  }

  /** Shows the state that a link describes. */
  #follow({ state, zoom }: Link): void {
    this.#shown.apply(state);
    const box = zoom === undefined ? 0 : this.#shown.paths.boxAt(zoom);
    this.#apply({ ...state, zoom: Math.max(0, box) });
    if (box < 0) this.say('This link was made for another picture: the box it zooms to is not in this one.');
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
    const { filters } = this.#state;
    // keep the same array if there are no filters, because a new array would cause a new layout
    this.change({ zoom: 0, filters: filters.length > 0 ? [] : filters, search: '' });
    this.say(this.drawing.foot.text);
  }

  /** Makes a box the current one, which keys and buttons act on. */
  select(box: number, manner?: Manner): void {
    const { parents, ends } = this.layout;
    let { zoom } = this.#state;
    while (!isWithin(box, zoom, ends) && !isWithin(zoom, box, ends)) zoom = parents[zoom]!;
    if (zoom !== this.#state.zoom) this.change({ zoom }, manner);
    this.drawing.showTree(box);
    this.describe(box);
    this.drawing.revealCurrent();
    this.#showSubject(this.layout.tree.nameIds[box]!);
  }

  /** Selects the next or previous match. If its box is too narrow to be seen, also zooms in. */
  step(by: 1 | -1): void {
    const box = this.#shown.search.step(by);
    if (box < 0) return;
    this.select(box, 'stepping');
    if (this.drawing.placeOf(box).width < LEAST_SEEN) {
      this.change({ zoom: widestAround(this.layout, box, this.drawing.inner / LEAST_SEEN) }, 'stepping');
      this.select(box, 'stepping');
    }
    this.#showResult();
  }

  /** Copies the stack that ends in the current box. */
  async copy(): Promise<void> {
    const { names, nameIds } = this.layout.tree;
    const path = pathTo(this.layout, this.tree.current);
    // the root box is not a function
    const stack = path.slice(path.length > 1 ? 1 : 0).map((box) => names[nameIds[box]!]!);
    this.say(await copied(stack.join(';')));
  }

  filterSelected(kind: Filter['kind']): void {
    const { names, nameIds } = this.layout.tree;
    this.#filter({ kind, by: 'name', text: names[nameIds[this.tree.current]!]! });
  }

  /** Shows only the stacks that contain the given function. Replaces an earlier filter on a single function. */
  focusOn(name: number): void {
    const text = this.layout.tree.names[name]!;
    const filters = this.#state.filters.filter(({ kind, by }) => kind === 'hide' || by !== 'name');
    this.change({ filters: [...filters, { kind: 'focus', by: 'name', text }], zoom: 0 });
    const { boxes, weights } = callsOf(this.layout, name);
    const widest = boxes[weights.indexOf(Math.max(...weights))];
    if (widest === undefined) this.#showSubject(name);
    else this.select(widest);
  }

  filterFound(kind: Filter['kind']): void {
    const { search: text, matchCase } = this.#state;
    this.#filter({ kind, by: matchCase ? 'expression in this case' : 'expression', text });
  }

  #filter(filter: Filter): void {
    const search = filter.by === 'name' ? this.#state.search : '';
    this.change({ filters: [...this.#state.filters, filter], zoom: 0, search });
  }

  /** Applies a state and redraws. */
  #apply(state: State): void {
    this.#shown.apply(state);
    this.#state = this.layout.widths[state.zoom]! > 0 ? state : { ...state, zoom: 0 };
    this.#showControls();
    this.drawing.draw();
    this.#subject = this.layout.tree.nameIds[this.tree.current]!;
    this.#panel.show();
  }

  #showControls(): void {
    const { toolbar } = this;
    const { search, chips } = this.#shown;
    toolbar.show(this.#state, search, chips);
    toolbar.showPath(pathTo(this.layout, this.#state.zoom), (box) => nameOf(this.layout, box));
    this.#menu.show(this.#state);
    this.drawing.foot.show(this.layout, this.#state, this.#shown.key);
    this.#showResult();
  }

  #showResult(): void {
    this.toolbar.result.textContent = resultText(this.#shown.search, this.layout, this.#state);
  }

  #showSubject(name: number): void {
    this.#subject = name;
    this.#panel.followSubject();
  }

  /** Returns the visible part as an SVG without controls. */
  stillPicture(): string {
    const { title, subtitle, incomplete, notDrawn } = this.#data;
    const { chips, key } = this.#shown;
    const path = pathTo(this.layout, this.#state.zoom).map((box) => nameOf(this.layout, box));
    const above = [subtitle, incomplete, chips.join(' · '), path.length > 1 ? path.join(' › ') : ''];
    return this.drawing.stillPicture({ title, above, below: [this.drawing.foot.text, notDrawn], key });
  }

  /** Shows the details of a box. */
  describe(box: number): void {
    this.say(detailsText(this.#data, this.look, this.layout, box, this.#state));
  }

  say(text: string): void {
    this.toolbar.details.textContent = text;
    this.toolbar.details.title = text;
  }
}
