import { describe, rectPath, rowTop } from '../src/picture/draw.ts';
import { OWN_ELEMENT } from '../src/picture/runs.ts';
import type { Picture } from './picture.ts';
import { set } from './attributes.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** The most boxes of the same name to highlight. More would slow down each move. */
const MOST_LIT = 2000;

/** Handles mouse and touch. Most boxes have no element, so the box is found from the position. */
export class Pointer {
  /** The outline of the box under the pointer. */
  readonly outline: SVGRectElement = document.createElementNS(SVG, 'rect');
  /** Highlights all boxes of the same name. */
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

  /** Removes outline and highlight. */
  leave(): void {
    this.#hovered = -1;
    set(this.outline, { width: 0 });
    set(this.same, { d: '' });
  }

  #click(event: MouseEvent): void {
    const box = this.#picture.drawing.boxUnder(event);
    if (box < 0) return;
    // a click follows a link; with Ctrl it zooms
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
    // wide boxes have their own title
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
    // a single box only gets the outline
    set(this.same, { d: lit > 1 ? path : '' });
  }
}
