import { set } from './attributes.ts';
import type { Toolbar } from './toolbar.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Holds the heading and the controls above the boxes. */
export class Head {
  readonly element: SVGForeignObjectElement = document.createElementNS(SVG, 'foreignObject');
  readonly #toolbar: Toolbar;
  readonly #rowHeight: number;
  /** The width and texts of the last measurement. */
  #measured = '';
  /** In px. */
  height = 0;

  constructor(toolbar: Toolbar, rowHeight: number) {
    this.#toolbar = toolbar;
    this.#rowHeight = rowHeight;
    this.element.setAttribute('class', 'head');
    this.element.append(toolbar.element);
    // covers the boxes above it when it moves down to the end of a row
    toolbar.element.style.marginTop = `-${rowHeight}px`;
    toolbar.element.style.paddingTop = `${rowHeight}px`;
  }

  /** Reading the height forces a layout of the page, so this measures only after a change. */
  measure(width: number): void {
    const { result, chips } = this.#toolbar;
    const measured = `${width} ${result.textContent} ${chips.textContent}`;
    if (measured === this.#measured) return;
    set(this.element, { x: 0, width, height: 400 });
    const { offsetHeight } = this.#toolbar.element;
    // hidden elements have no height; measure again when they are shown
    this.#measured = offsetHeight > 0 ? measured : '';
    this.height = Math.max(0, Math.ceil(offsetHeight) - this.#rowHeight);
    set(this.element, { height: this.height });
  }

  /** Call this when the content has changed, to measure it again. */
  forget(): void {
    this.#measured = '';
  }

  /** Whether the head stays in view: not on paper, and not if it fills half of the window. */
  get follows(): boolean {
    return !this.element.closest('.printing') && this.height < window.innerHeight / 2;
  }

  /** Moves in steps of a row, so that it never cuts a row of boxes. */
  followScroll(): void {
    const rows = Math.ceil(window.scrollY / this.#rowHeight);
    set(this.element, { y: this.follows ? rows * this.#rowHeight : 0 });
  }
}
