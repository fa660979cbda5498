import { place } from './place.ts';
import type { Toolbar } from './toolbar.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** The place of heading and controls above the boxes. */
export class Head {
  readonly element: SVGForeignObjectElement = document.createElementNS(SVG, 'foreignObject');
  readonly #toolbar: Toolbar;
  /** For which width and search result it was measured. */
  #measured = '';
  /** In px. */
  height = 0;

  constructor(toolbar: Toolbar) {
    this.#toolbar = toolbar;
    this.element.append(toolbar.element);
  }

  /** Its height makes the browser lay out the page: it is asked for only where it may have changed. Tells whether. */
  measure(width: number): boolean {
    const measured = `${width} ${this.#toolbar.result.textContent}`;
    if (measured === this.#measured) return false;
    this.#measured = measured;
    place(this.element, { x: 0, width, height: 400 });
    this.height = Math.ceil(this.#toolbar.element.offsetHeight) + 6;
    place(this.element, { height: this.height });
    return true;
  }

  /** It stays in sight, unless it is half of the window. */
  followScroll(): void {
    place(this.element, { y: this.height < window.innerHeight / 2 ? Math.max(0, window.scrollY) : 0 });
  }
}
