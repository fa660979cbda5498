import type { PageData } from '../src/picture/document.ts';
import { drawBoxes, type View } from '../src/picture/draw.ts';
import { set } from './attributes.ts';
import { CallTree, type Place } from './call-tree.ts';
import { Foot } from './foot.ts';
import { boxUnder, placeOf } from './geometry.ts';
import { Head } from './head.ts';
import { Matches } from './matches.ts';
import { animate, partOf, type Part } from './motion.ts';
import type { Picture } from './picture.ts';
import { Pointer } from './pointer.ts';
import { RunPaths } from './run-paths.ts';
import { stillPicture, type Sight } from './save.ts';
import { Viewport } from './viewport.ts';

const MARGIN = 10;
const MOST_WIDTH = 100_000;
/** Width in print, in px. A wider picture would be scaled down to fit the sheet, and its labels would be illegible. */
const PAPER_WIDTH = 1000;

/** Draws the boxes, the head above them, the foot below them, and outlines over boxes. */
export class Drawing {
  readonly root: SVGSVGElement;
  readonly tree: CallTree;
  readonly foot: Foot;
  readonly #picture: Picture;
  readonly #data: PageData;
  readonly #boxes: SVGGElement;
  readonly #head: Head;
  readonly #viewport: Viewport;
  readonly #pointer: Pointer;
  readonly #runs = new RunPaths();
  readonly #matches: Matches;
  #width = 0;
  /** The values that the boxes were last drawn with. */
  #drawnOf: readonly unknown[] = [];

  constructor(root: SVGSVGElement, data: PageData, picture: Picture) {
    this.root = root;
    this.#data = data;
    this.#picture = picture;
    this.#boxes = root.querySelector('g.boxes')!;
    this.#pointer = new Pointer(picture, this.#boxes);
    this.#matches = new Matches(this.#boxes);
    this.tree = new CallTree(`${data.title}: arrow keys move, Enter zooms, Escape shows everything`);
    this.foot = new Foot(data);
    this.#head = new Head(picture.toolbar, data.look.height);
    this.#viewport = new Viewport(this.#head, this.isDocument);
  }

  /** Whether the picture fills the window. */
  get isDocument(): boolean {
    const page = document.documentElement;
    return this.root.isSameNode(page) || page.hasAttribute('data-stapflame-page');
  }

  /** Replaces the file's still picture with the live one. */
  start(): void {
    const { root } = this;
    root.querySelector('g.static')?.setAttribute('display', 'none');
    // remove the boxes: they will be redrawn anyway, and even hidden ones would be laid out when the width is measured
    this.#boxes.replaceChildren();
    root.removeAttribute('viewBox');
    set(root, { role: 'group', 'aria-label': this.#data.title });
    if (this.#data.width === 0) set(root, { width: '100%' });
    root.append(this.foot.element);
    // the head must come after the boxes, so that it is painted over boxes that scroll behind it
    this.#boxes.after(this.#pointer.same, this.#pointer.outline, this.tree.element, this.#head.element);
  }

  /** Redraws the picture when its available width changes or when it becomes visible. */
  followSize(): void {
    let isShown = this.#isShown;
    new ResizeObserver(() => {
      if (this.#placeWidth() !== this.#width || this.#isShown !== isShown) this.draw();
      isShown = this.#isShown;
    }).observe(this.root);
  }

  showRoot(): void {
    this.#viewport.showRoot(this.#picture.state.inverted);
  }

  revealCurrent(): void {
    this.#viewport.reveal(this.tree.item);
  }

  /** Measures the head again and redraws the picture after a sudden change of width, such as for printing. */
  drawAnew(): void {
    this.#head.forget();
    this.draw();
  }

  /** Moves the boxes after the head's height has changed. There may be many boxes, so they are not redrawn. */
  followHead(): void {
    this.#head.forget();
    this.#placeBelowHead();
  }

  draw(): void {
    const { layout, look, found } = this.#picture;
    const { inverted, zoom } = this.#picture.state;
    this.#width = this.#placeWidth();
    // measure the head and the foot before the boxes are drawn, because measuring makes the browser lay out the page
    this.#placeBelowHead();
    const view = { width: this.inner, inverted, zoom };
    const of = [layout, look.colors, ...Object.values(view)];
    if (of.some((each, i) => each !== this.#drawnOf[i])) {
      this.#drawAll(view);
      this.#drawnOf = of;
    }
    this.#matches.show(layout, look, view, found);
    const { current } = this.tree;
    this.showTree(layout.widths[current]! > 0 ? current : zoom);
  }

  #drawAll(view: View): void {
    const { layout, look } = this.#picture;
    const { runs, frames, wide } = drawBoxes(layout, look, view);
    this.#boxes.innerHTML = `<title></title><rect class="ground" width="${view.width}" height="${this.#rowsHeight}"/>${frames}`;
    this.#runs.show(runs, (color) => look.colors[color]!);
    this.#boxes.children[1]!.after(this.#runs.element, this.#matches.element);
    this.#matches.begin(wide);
  }

  #placeBelowHead(): void {
    this.#head.measure(this.#width);
    this.#viewport.followScroll();
    for (const element of [this.#boxes, this.#pointer.same, this.#pointer.outline, this.tree.element])
      set(element, { transform: `translate(${MARGIN} ${this.#head.height})` });
    const bottom = this.#head.height + this.#rowsHeight;
    this.foot.measure(MARGIN, this.inner);
    set(this.foot.element, { y: bottom + 4 });
    set(this.root, { height: bottom + 4 + this.foot.height });
    this.#pointer.leave();
  }

  get #rowsHeight(): number {
    return this.#picture.layout.rows.length * this.#data.look.height;
  }

  /** Animates the boxes from their earlier positions. */
  animateFrom(from: Part): void {
    const { layout, state } = this.#picture;
    animate(this.#boxes, from, partOf(layout, state.zoom), this.inner, MARGIN, this.#head.height);
  }

  /** Returns the currently drawn boxes as a still picture, with the given lines of text around them. */
  stillPicture(words: Omit<Sight, 'boxes' | 'width' | 'height'>): string {
    const height = this.#rowsHeight;
    return stillPicture(this.root, { ...words, boxes: this.#boxes, width: this.#width, height });
  }

  showTree(box: number): void {
    const { layout, look, state } = this.#picture;
    this.tree.show(layout, look, box, state.inverted, (each) => this.placeOf(each));
    for (const button of this.#picture.toolbar.onSelected) button.disabled = box === 0;
  }

  /** Width of the picture, including its margins, in px. */
  get width(): number {
    return this.#width;
  }

  get inner(): number {
    return Math.max(1, this.#width - MARGIN * 2);
  }

  get #isShown(): boolean {
    return this.root.getBoundingClientRect().width > 0;
  }

  #placeWidth(): number {
    const width = this.#data.width || this.root.getBoundingClientRect().width || 1200;
    return Math.min(this.root.classList.contains('printing') ? PAPER_WIDTH : MOST_WIDTH, Math.round(width));
  }

  placeOf(box: number): Place {
    return placeOf(this.#picture.layout, this.#picture.state.zoom, this.inner, box);
  }

  boxUnder(event: MouseEvent): number {
    const { layout, look, state } = this.#picture;
    const { left, top } = this.root.getBoundingClientRect();
    const row = Math.floor((event.clientY - top - this.#head.height) / look.height);
    const share = (event.clientX - left - MARGIN) / this.inner;
    return boxUnder(layout, state, row, share);
  }
}
