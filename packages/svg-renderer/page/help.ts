import type { PageData } from '../src/picture/document.ts';
import { set } from './attributes.ts';
import { button, html } from './html.ts';

/** The text that explains the picture to first-time readers, and the button that opens it. */
export class Help {
  readonly element: HTMLElement = html('ul', 'help');
  readonly opener: HTMLButtonElement;

  /** @param onToggle called when the user opens or closes the text */
  constructor({ help }: PageData, onToggle: () => void) {
    this.element.append(...help.map((line) => html('li', 'line', line)));
    this.element.hidden = true;
    this.opener = button('?', 'How to read this', () => {
      this.element.hidden = !this.element.hidden;
      set(this.opener, { 'aria-expanded': !this.element.hidden });
      onToggle();
    });
    set(this.opener, { 'aria-expanded': false });
  }
}
