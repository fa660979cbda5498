import { set } from './attributes.ts';
import type { Toolbar } from './toolbar.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** The place of heading and controls above the boxes. */
export class Head {
  readonly element: SVGForeignObjectElement = document.createElementNS(SVG, 'foreignObject');
  readonly #toolbar: Toolbar;
  readonly #rowHeight: number;
  /** For which width, search result and filters it was measured. */
  #measured = '';
  /** In px. */
  height = 0;

  constructor(toolbar: Toolbar, rowHeight: number) {
    this.#toolbar = toolbar;
    this.#rowHeight = rowHeight;
    this.element.setAttribute('class', 'head');
    this.element.append(toolbar.element);
    // covers what would be seen above it, where it is moved down to the end of a row
    toolbar.element.style.marginTop = `-${rowHeight}px`;
    toolbar.element.style.paddingTop = `${rowHeight}px`;
  }

  /** Its height makes the browser lay out the page: it is asked for only where it may have changed. */
  measure(width: number): void {
    const { result, chips } = this.#toolbar;
    const measured = `${width} ${result.textContent} ${chips.textContent}`;
    if (measured === this.#measured) return;
    set(this.element, { x: 0, width, height: 400 });
    const { offsetHeight } = this.#toolbar.element;
    // in a part of the page that is hidden nothing has a height
    this.#measured = offsetHeight > 0 ? measured : '';
    this.height = Math.max(0, Math.ceil(offsetHeight) - this.#rowHeight);
    set(this.element, { height: this.height });
  }

  /** Its parts are others now. */
  forget(): void {
    this.#measured = '';
  }

  /** It stays in sight, unless it is half of the window, or on paper. */
  get follows(): boolean {
    return !this.element.closest('.printing') && this.height < window.innerHeight / 2;
  }

  /** It ends where a row does, so that it cuts none; what is above it is covered by the style. */
  followScroll(): void {
    const rows = Math.ceil(window.scrollY / this.#rowHeight);
    set(this.element, { y: this.follows ? rows * this.#rowHeight : 0 });
  }
}
