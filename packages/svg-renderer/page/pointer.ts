import { describe, rectPath, rowTop } from '../src/picture/draw.ts';
import { OWN_ELEMENT } from '../src/picture/runs.ts';
import type { Picture } from './picture.ts';
import { set } from './attributes.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** Maximum number of boxes with the same name to highlight. More would slow down every pointer move. */
const MOST_LIT = 2000;

/** Handles mouse and touch events. Most boxes have no element, so the box is found by the pointer's position. */
export class Pointer {
  /** The outline of the box under the pointer. */
  readonly outline: SVGRectElement = document.createElementNS(SVG, 'rect');
  /** The highlight on all boxes with the same name. */
  readonly same: SVGPathElement = document.createElementNS(SVG, 'path');
  readonly #picture: Picture;
  readonly #boxes: SVGGElement;
  #hovered = -1;

  constructor(picture: Picture, boxes: SVGGElement) {
    this.#picture = picture;
    this.#boxes = boxes;
    set(this.outline, { class: 'hover' });
    set(this.same, { class: 'same' });
    boxes.addEventListener('click', (event) => this.#click(event));
    boxes.addEventListener('pointermove', (event) => this.#hover(picture.drawing.boxUnder(event)));
    boxes.addEventListener('pointerleave', () => this.leave());
  }

  /** Removes the outline and the highlight. */
  leave(): void {
    this.#hovered = -1;
    set(this.outline, { width: 0 });
    set(this.same, { d: '' });
  }

  #click(event: MouseEvent): void {
    const box = this.#picture.drawing.boxUnder(event);
    if (box < 0) return;
    // on a box with a link, a click follows the link, and Ctrl+click zooms
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
    const { x, width } = this.#picture.drawing.placeOf(box);
    const y = rowTop(layout.tree.depths[box]!, layout.rows.length, look.height, state.inverted);
    set(this.outline, { x, y, width: Math.max(width, 1), height: look.height - 1 });
    // wide boxes have title elements, so only a narrow box needs its title here
    this.#boxes.firstElementChild!.textContent = width < OWN_ELEMENT ? describe(layout, look, box) : '';
    this.#picture.describe(box);
    this.#light(box);
  }

  #light(hovered: number): void {
    const { layout, look, state } = this.#picture;
    const { tree, ends, widths, rows } = layout;
    const isLit = (box: number): boolean => widths[box]! > 0 && tree.nameIds[box] === tree.nameIds[hovered];
    let path = '';
    let lit = 0;
    for (let box = state.zoom; box < ends[state.zoom]! && lit < MOST_LIT; box++) {
      if (!isLit(box)) continue;
      lit++;
      const { x, width } = this.#picture.drawing.placeOf(box);
      const y = rowTop(tree.depths[box]!, rows.length, look.height, state.inverted);
      path += rectPath(x, y, width, look.height - 1);
    }
    // a box whose name occurs only once gets no highlight, only the outline
    set(this.same, { d: lit > 1 ? path : '' });
  }
}
