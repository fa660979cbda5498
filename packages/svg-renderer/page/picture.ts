import type { PageData } from '../src/picture/document.ts';
import { describe, drawBoxes, percent, rowTop, withoutAnnotation } from '../src/picture/draw.ts';
import { shown } from '../src/picture/escape.ts';
import { layOut, type Filter, type Layout } from '../src/picture/layout.ts';
import { CallTree, type Place } from './call-tree.ts';
import { ExpressionError } from './expression.ts';
import { boxUnder, isWithin, pathTo, placeOf } from './geometry.ts';
import { Head } from './head.ts';
import { listenToKeys } from './keys.ts';
import { place } from './place.ts';
import { search, type Found } from './search.ts';
import { fromFragment, toFragment, type State } from './state.ts';
import { footText, resultText } from './texts.ts';
import { createToolbar, html, type Toolbar } from './toolbar.ts';

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 10;
const MOST_WIDTH = 100_000;

/** The picture once its script runs: draws what the state asks for, and changes the state as the reader acts. */
export class Picture {
  readonly root: SVGSVGElement;
  readonly #data: PageData;
  readonly #initial: State;
  #state: State;
  #layout: Layout;
  #found: Found | undefined;
  #match = -1;
  #width = 0;
  #hovered = -1;
  readonly toolbar: Toolbar;
  readonly tree: CallTree;
  readonly #boxes: SVGGElement;
  readonly #head: Head;
  readonly #foot: SVGForeignObjectElement;
  readonly #outline: SVGRectElement;
  /** Alone in its window, the picture has the address bar for itself. */
  readonly #ownsAddress: boolean;
  /** In a page of its own, the picture scrolls as a whole. */
  readonly #isDocument: boolean;

  constructor(root: SVGSVGElement, data: PageData) {
    this.root = root;
    this.#data = data;
    this.#initial = { zoom: 0, inverted: data.inverted, filters: [], search: '', matchCase: false };
    this.#state = this.#initial;
    this.#layout = layOut(data.tree);
    this.#isDocument = root.isSameNode(document.documentElement);
    this.#ownsAddress = this.#isDocument && window.parent === window;
    this.#boxes = root.querySelector('g.boxes')!;
    this.#foot = document.createElementNS(SVG, 'foreignObject');
    this.#outline = document.createElementNS(SVG, 'rect');
    this.#outline.setAttribute('class', 'hover');
    this.tree = new CallTree(`${data.title}: arrow keys move, Enter zooms, Escape shows everything`);
    this.toolbar = createToolbar(data, {
      search: (text) => this.change({ search: text }),
      toggleCase: () => this.change({ matchCase: !this.#state.matchCase }),
      step: (by) => this.step(by),
      turn: () => this.change({ inverted: !this.#state.inverted }),
      hide: () => this.#filter('hide'),
      focus: () => this.#filter('focus'),
      undo: () => this.change({ filters: this.#state.filters.slice(0, -1) }),
      copy: () => this.copy(),
      reset: () => this.reset(),
      zoom: (box) => this.zoom(box),
    });
    this.#head = new Head(this.toolbar);
  }

  start(): void {
    const { root } = this;
    root.querySelector('g.static')?.setAttribute('display', 'none');
    root.removeAttribute('viewBox');
    root.setAttribute('role', 'group');
    root.setAttribute('aria-label', this.#data.title);
    if (this.#data.width === 0) root.setAttribute('width', '100%');
    this.#foot.append(html('p', 'foot', footText(this.#data)));
    root.append(this.#foot);
    // behind the boxes in the file, and so before them to the eye: it stays in sight where they scroll
    this.#boxes.after(this.#outline, this.tree.element, this.#head.element);
    listenToKeys(this);
    this.#boxes.addEventListener('click', (event) => this.#clicked(event));
    this.#boxes.addEventListener('pointermove', (event) => this.#hover(this.#boxUnder(event)));
    this.#boxes.addEventListener('pointerleave', () => this.#hover(-1));
    this.tree.element.addEventListener('focusin', () => this.#describe(this.tree.current));
    if (this.#ownsAddress) {
      window.addEventListener('hashchange', () => this.#apply(this.#fromAddress()));
      this.#state = this.#fromAddress();
    }
    this.#refresh();
    this.toolbar.details.textContent =
      'Point at a box, click to zoom; with the keyboard, Tab to the boxes and use the arrow keys.';
    if (this.#isDocument) {
      window.addEventListener('scroll', () => this.#head.followScroll(), { passive: true });
      this.#showRoot();
    }
    new ResizeObserver(() => {
      if (this.#placeWidth() !== this.#width) this.#draw();
    }).observe(root);
  }

  get state(): State {
    return this.#state;
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** Changes the state by what the reader did: a link holds it, and Back undoes it. */
  change(part: Partial<State>): void {
    this.#apply({ ...this.#state, ...part });
    if (!this.#ownsAddress) return;
    const fragment = toFragment(this.#state, this.#initial);
    if (fragment === location.hash.replace(/^#/, '')) return;
    // letters typed into a search are one step, not one each
    if (part.search === undefined) history.pushState(null, '', `#${fragment}`);
    else history.replaceState(null, '', `#${fragment}`);
  }

  zoom(box: number): void {
    this.tree.current = box;
    this.change({ zoom: box });
    this.#describe(box);
  }

  reset(): void {
    this.toolbar.input.value = '';
    this.change({ zoom: 0, filters: [], search: '' });
  }

  /** Makes a box the one that keys and buttons are about. */
  select(box: number): void {
    const { parents, ends } = this.#layout;
    let { zoom } = this.#state;
    while (!isWithin(box, zoom, ends) && !isWithin(zoom, box, ends)) zoom = parents[zoom]!;
    if (zoom !== this.#state.zoom) this.change({ zoom });
    this.#showTree(box);
    this.#describe(box);
  }

  /** Selects the next or previous match, and zooms where it would be too narrow to be seen. */
  step(by: 1 | -1): void {
    const boxes = this.#found?.boxes ?? [];
    if (boxes.length === 0) return;
    this.#match = (this.#match + by + boxes.length + (this.#match < 0 && by < 0 ? 1 : 0)) % boxes.length;
    const box = boxes[this.#match]!;
    this.select(box);
    if (this.#placeOf(box).width < 3) {
      this.change({ zoom: this.#layout.parents[box]! });
      this.select(box);
    }
    this.#showResult();
  }

  async copy(): Promise<void> {
    const name = this.#nameOf(this.tree.current);
    try {
      await navigator.clipboard.writeText(name);
      this.toolbar.details.textContent = `Copied: ${shown(name)}`;
    } catch {
      this.toolbar.details.textContent = 'This page may not copy; select the name above and copy it.';
    }
  }

  #filter(kind: Filter['kind']): void {
    const name = this.#data.tree.nameIds[this.tree.current]!;
    if (name !== 0) this.change({ filters: [...this.#state.filters, { kind, name }], zoom: 0 });
  }

  #fromAddress(): State {
    const { depths, names } = this.#data.tree;
    return fromFragment(location.hash, this.#initial, depths.length, names.length);
  }

  #apply(state: State): void {
    const before = this.#state;
    this.#state = state;
    if (state.filters !== before.filters) this.#layout = layOut(this.#data.tree, state.filters);
    this.#refresh();
    if (this.#isDocument && state.inverted !== before.inverted) this.#showRoot();
  }

  /** Draws the state, whatever it was before. */
  #refresh(): void {
    const { filters, search: text, matchCase } = this.#state;
    if (filters.length > 0 && this.#layout.weights[this.#state.zoom] === 0) {
      this.#state = { ...this.#state, zoom: 0 };
    }
    if (this.#width === 0 && filters.length > 0) this.#layout = layOut(this.#data.tree, filters);
    const { toolbar } = this;
    if (toolbar.input.value !== text) toolbar.input.value = text;
    toolbar.matchCase.setAttribute('aria-pressed', String(matchCase));
    toolbar.turn.setAttribute('aria-pressed', String(this.#state.inverted));
    toolbar.undo.disabled = filters.length === 0;
    toolbar.reset.disabled = this.#state.zoom === 0 && filters.length === 0 && text === '';
    this.#search();
    toolbar.showPath(pathTo(this.#layout, this.#state.zoom).map((box) => [box, shown(this.#nameOf(box))]));
    this.#draw();
  }

  #search(): void {
    const { search: text, matchCase, zoom } = this.#state;
    const found = text === '' ? undefined : search(this.#layout, text, matchCase, zoom);
    const failed = found instanceof ExpressionError;
    this.toolbar.input.setAttribute('aria-invalid', String(failed));
    this.#found = failed ? undefined : found;
    this.#match = -1;
    if (failed) this.toolbar.result.textContent = found.message;
    else this.#showResult();
  }

  #showResult(): void {
    const text = resultText(this.#found, this.#match, this.#layout.weights[this.#state.zoom]!);
    this.toolbar.result.textContent = text;
  }

  #draw(): void {
    const { look } = this.#data;
    this.#width = this.#placeWidth();
    const inner = Math.max(1, this.#width - MARGIN * 2);
    if (this.#head.measure(this.#width) && this.#isDocument) this.#head.followScroll();
    this.#boxes.innerHTML = drawBoxes(this.#layout, look, {
      width: inner,
      inverted: this.#state.inverted,
      zoom: this.#state.zoom,
      matches: this.#found?.names,
    });
    for (const element of [this.#boxes, this.#outline, this.tree.element]) {
      element.setAttribute('transform', `translate(${MARGIN} ${this.#head.height})`);
    }
    const bottom = this.#head.height + this.#layout.rows.length * look.height;
    const footHeight = 64;
    place(this.#foot, { x: MARGIN, y: bottom + 4, width: inner, height: footHeight });
    this.root.setAttribute('height', String(bottom + footHeight));
    this.#hover(-1);
    const { current } = this.tree;
    this.#showTree(this.#layout.weights[current] === 0 ? this.#state.zoom : current);
  }

  /** A picture that is taller than the window opens with its root in sight. */
  #showRoot(): void {
    window.scrollTo(0, this.#state.inverted ? 0 : document.documentElement.scrollHeight);
  }

  #showTree(box: number): void {
    this.tree.show(this.#layout, this.#data.look, box, this.#state.inverted, (each) => this.#placeOf(each));
  }

  #placeWidth(): number {
    const width = this.#data.width || this.root.getBoundingClientRect().width || 1200;
    return Math.min(MOST_WIDTH, Math.round(width));
  }

  #placeOf(box: number): Place {
    return placeOf(this.#layout, this.#state.zoom, this.#width - MARGIN * 2, box);
  }

  #boxUnder(event: MouseEvent): number {
    const { left, top } = this.root.getBoundingClientRect();
    const row = Math.floor((event.clientY - top - this.#head.height) / this.#data.look.height);
    const share = (event.clientX - left - MARGIN) / (this.#width - MARGIN * 2);
    return boxUnder(this.#layout, this.#state, row, share);
  }

  #clicked(event: MouseEvent): void {
    const box = this.#boxUnder(event);
    if (box < 0) return;
    // a link is followed; with Ctrl the box is zoomed
    if ((event.target as Element).closest('a') && !event.ctrlKey) return;
    event.preventDefault();
    this.zoom(box);
    this.tree.focus();
  }

  #hover(box: number): void {
    if (box === this.#hovered) return;
    this.#hovered = box;
    if (box < 0) {
      this.#outline.setAttribute('width', '0');
      return;
    }
    const { x, width } = this.#placeOf(box);
    const { look, tree } = this.#data;
    const y = rowTop(tree.depths[box]!, this.#layout.rows.length, look.height, this.#state.inverted);
    place(this.#outline, { x, y, width: Math.max(width, 1), height: look.height - 1 });
    this.#describe(box);
  }

  #describe(box: number): void {
    const { weights } = this.#layout;
    const { zoom } = this.#state;
    const ofZoomed = zoom === 0 ? '' : `, ${percent(weights[box]!, weights[zoom]!)} of the zoomed part`;
    const text = describe(this.#layout, this.#data.look, box).replace(/\)$/, `${ofZoomed})`);
    this.toolbar.details.textContent = `${this.#data.nametype} ${text}`;
  }

  #nameOf(box: number): string {
    return withoutAnnotation(this.#data.tree.names[this.#data.tree.nameIds[box]!]!);
  }
}
