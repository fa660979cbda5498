import type { Head } from './head.ts';

/** The window around a picture: what of it is in sight. */
export class Viewport {
  readonly #head: Head;
  /** In a page of its own, the picture scrolls as a whole. */
  readonly #isDocument: boolean;

  constructor(head: Head, isDocument: boolean) {
    this.#head = head;
    this.#isDocument = isDocument;
    if (isDocument) window.addEventListener('scroll', () => this.followScroll(), { passive: true });
  }

  followScroll(): void {
    if (this.#isDocument) this.#head.followScroll();
  }

  /** A picture that is taller than the window opens with its root in sight, unless its controls would not be. */
  showRoot(inverted: boolean): void {
    if (!this.#isDocument) return;
    window.scrollTo(0, inverted || !this.#head.follows ? 0 : document.documentElement.scrollHeight);
  }

  /** Scrolls where a box is out of sight, or behind the head. */
  reveal(box: SVGElement): void {
    if (!this.#isDocument) {
      box.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return;
    }
    const { top, bottom } = box.getBoundingClientRect();
    const covered = Math.max(0, this.#head.element.getBoundingClientRect().bottom);
    if (top >= covered && bottom <= window.innerHeight) return;
    window.scrollBy(0, (top + bottom - covered - window.innerHeight) / 2);
  }
}
