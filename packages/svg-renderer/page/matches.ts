import { drawMatches, fillOf, isDark, type Look, type View } from '../src/picture/draw.ts';
import type { Layout } from '../src/picture/layout.ts';
import { set } from './attributes.ts';
import { RunPaths } from './run-paths.ts';

/** Marks the boxes that match a search. Redraws no other boxes, because the search changes with every letter typed. */
export class Matches {
  readonly #boxes: SVGGElement;
  readonly #narrow = new RunPaths();
  /** The boxes that have an element, and their elements. */
  #wide: readonly number[] = [];
  #frames: ArrayLike<Element> = [];
  #marked = new Set<number>();

  constructor(boxes: SVGGElement) {
    this.#boxes = boxes;
  }

  /** The element with the narrow matches. Insert it after the narrow boxes, so that it covers them. */
  get element(): SVGGElement {
    return this.#narrow.element;
  }

  /**
   * Starts over after the boxes have been drawn.
   *
   * @param wide the boxes that have an element, in the order of the elements
   */
  begin(wide: readonly number[]): void {
    this.#wide = wide;
    this.#frames = this.#boxes.querySelectorAll('.frame');
    this.#marked = new Set();
  }

  /** @param found 1 for each name that matches; absent if there is no search */
  show(layout: Layout, look: Look, view: View, found: Uint8Array | undefined): void {
    for (const [i, box] of this.#wide.entries()) {
      const isFound = found?.[layout.tree.nameIds[box]!] === 1;
      if (isFound === this.#marked.has(i)) continue;
      const frame = this.#frames[i]!;
      frame.classList.toggle('found', isFound);
      frame.classList.toggle('light', isFound && isDark(look.searchColor));
      set(frame.querySelector('rect')!, { fill: isFound ? look.searchColor : fillOf(layout, look, box) });
      if (isFound) this.#marked.add(i);
      else this.#marked.delete(i);
    }
    this.#narrow.show(found ? drawMatches(layout, look, view, found) : [], () => look.searchColor);
  }
}
