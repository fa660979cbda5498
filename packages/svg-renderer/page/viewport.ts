import type { Head } from './head.ts';

/** The window around the picture. It scrolls boxes into view. */
export class Viewport {
  readonly #head: Head;
  /** Whether the picture scrolls with the window. */
  readonly #isDocument: boolean;

  constructor(head: Head, isDocument: boolean) {
    this.#head = head;
    this.#isDocument = isDocument;
    if (isDocument) window.addEventListener('scroll', () => this.followScroll(), { passive: true });
  }

  followScroll(): void {
    if (this.#isDocument) this.#head.followScroll();
  }

  /** Scrolls to the root box, or to the top of the page if scrolling would hide the controls. */
  showRoot(inverted: boolean): void {
    if (!this.#isDocument) return;
    window.scrollTo(0, inverted || !this.#head.follows ? 0 : document.documentElement.scrollHeight);
  }

  /** Scrolls to a box if it is out of view or behind the head. */
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
