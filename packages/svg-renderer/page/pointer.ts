import { describe, OWN_ELEMENT, rowTop } from '../src/picture/draw.ts';
import type { Picture } from './picture.ts';
import { set } from './attributes.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** Pointer and finger on the boxes: most of them have no element, so that it is the place that tells which. */
export class Pointer {
  /** Stands around the box that is pointed at. */
  readonly outline: SVGRectElement = document.createElementNS(SVG, 'rect');
  readonly #picture: Picture;
  readonly #boxes: SVGGElement;
  #hovered = -1;

  constructor(picture: Picture, boxes: SVGGElement) {
    this.#picture = picture;
    this.#boxes = boxes;
    this.outline.setAttribute('class', 'hover');
    boxes.addEventListener('click', (event) => this.#click(event));
    boxes.addEventListener('pointermove', (event) => this.#hover(picture.boxUnder(event)));
    boxes.addEventListener('pointerleave', () => this.leave());
  }

  /** Nothing is pointed at, or what was stands elsewhere now. */
  leave(): void {
    this.#hovered = -1;
    this.outline.setAttribute('width', '0');
  }

  #click(event: MouseEvent): void {
    const box = this.#picture.boxUnder(event);
    if (box < 0) return;
    // a link is followed; with Ctrl the box is zoomed
    if ((event.target as Element).closest('a') && !event.ctrlKey) return;
    event.preventDefault();
    this.#picture.zoom(box);
    this.#picture.tree.focus();
  }

  #hover(box: number): void {
    if (box === this.#hovered) return;
    if (box < 0) {
      this.leave();
      return;
    }
    this.#hovered = box;
    const { layout, look, state } = this.#picture;
    const { x, width } = this.#picture.placeOf(box);
    const y = rowTop(layout.tree.depths[box]!, layout.rows.length, look.height, state.inverted);
    set(this.outline, { x, y, width: Math.max(width, 1), height: look.height - 1 });
    // the others have a title of their own
    this.#boxes.firstElementChild!.textContent = width < OWN_ELEMENT ? describe(layout, look, box) : '';
    this.#picture.describe(box);
  }
}
