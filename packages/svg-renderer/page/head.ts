import { set } from './attributes.ts';
import type { Toolbar } from './toolbar.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** The area above the boxes, with the heading and the controls. */
export class Head {
  readonly element: SVGForeignObjectElement = document.createElementNS(SVG, 'foreignObject');
  readonly #toolbar: Toolbar;
  readonly #rowHeight: number;
  /** The width and text that were last measured. */
  #measured = '';
  /** In px. */
  height = 0;

  constructor(toolbar: Toolbar, rowHeight: number) {
    this.#toolbar = toolbar;
    this.#rowHeight = rowHeight;
    this.element.setAttribute('class', 'head');
    this.element.append(toolbar.element);
    // one more row of background, which covers the boxes above the head while the page scrolls
    toolbar.element.style.marginTop = `-${rowHeight}px`;
    toolbar.element.style.paddingTop = `${rowHeight}px`;
  }

  /** Measures the height if the width or text has changed. Reading the height makes the browser lay out the page. */
  measure(width: number): void {
    const { result, chips } = this.#toolbar;
    const measured = `${width} ${result.textContent} ${chips.textContent}`;
    if (measured === this.#measured) return;
    set(this.element, { x: 0, width, height: 400 });
    const { offsetHeight } = this.#toolbar.element;
    // a hidden toolbar has no height; measure again when it is shown
    this.#measured = offsetHeight > 0 ? measured : '';
    this.height = Math.max(0, Math.ceil(offsetHeight) - this.#rowHeight);
    set(this.element, { height: this.height });
  }

  /** Makes the next call to {@link measure} read the height again. Call this after the content has changed. */
  forget(): void {
    this.#measured = '';
  }

  /** Whether the head stays in view when the page scrolls: not in print, and not if it fills half of the window. */
  get follows(): boolean {
    return !this.element.closest('.printing') && this.height < window.innerHeight / 2;
  }

  /** Moves the head to the top of the window in steps of a row's height, so that it never covers part of a row. */
  followScroll(): void {
    const rows = Math.ceil(window.scrollY / this.#rowHeight);
    set(this.element, { y: this.follows ? rows * this.#rowHeight : 0 });
  }
}
