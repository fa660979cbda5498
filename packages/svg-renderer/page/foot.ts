import type { PageData } from '../src/picture/document.ts';
import type { KeyEntry } from '../src/picture/key-line.ts';
import { noteText } from '../src/picture/words.ts';
import type { Layout } from '../src/picture/layout.ts';
import { html } from './html.ts';
import { set } from './attributes.ts';
import type { State } from './state.ts';

const SVG = 'http://www.w3.org/2000/svg';
const MOST_HEIGHT = 400;

/** The text below the boxes: the sum, how to read the picture, what is not drawn, and the colour key. */
export class Foot {
  readonly element: SVGForeignObjectElement = document.createElementNS(SVG, 'foreignObject');
  readonly #data: PageData;
  readonly #text = html('p', 'foot');
  /** The width and text that were last measured. */
  #measured = '';
  /** In px. */
  height = 0;
  /** The sum, and how to read the picture. */
  text = '';

  constructor(data: PageData) {
    this.#data = data;
    this.element.append(this.#text);
  }

  show(layout: Layout, state: State, key: readonly KeyEntry[]): void {
    const { look, across, notDrawn } = this.#data;
    this.text = noteText(layout, look, { ...state, across });
    this.#text.textContent = `${this.text} ${notDrawn}`.trim();
    for (const { color, text } of key) {
      const square = html('i', 'color');
      square.style.background = color;
      this.#text.append(' ', html('span', 'key', square, text));
    }
  }

  /** Measures the height if the width or text has changed. Reading the height makes the browser lay out the page. */
  measure(x: number, width: number): void {
    const measured = `${width} ${this.#text.textContent}`;
    if (measured === this.#measured) return;
    set(this.element, { x, width, height: MOST_HEIGHT });
    const { offsetHeight } = this.#text;
    this.#measured = offsetHeight > 0 ? measured : '';
    this.height = Math.ceil(offsetHeight) + 12;
    set(this.element, { height: this.height });
  }
}
