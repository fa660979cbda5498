import type { PageData } from '../src/picture/document.ts';
import type { Widths } from '../src/picture/layout.ts';
import { set } from './attributes.ts';
import { foldedText } from './folded.ts';
import { button, group, html } from './html.ts';
import type { Picture } from './picture.ts';
import { pixelsOf, save } from './save.ts';
import type { State } from './state.ts';

const WIDTHS: readonly (readonly [Widths, string])[] = [
  ['after', 'After'],
  ['before', 'Before'],
  ['both', 'Both'],
];

/** The menu that arranges and colours the boxes and saves the shown part. It is closed at first. */
export class ViewMenu {
  readonly element: HTMLElement = html('div', 'menu');
  readonly opener: HTMLButtonElement;
  readonly #picture: Picture;
  readonly #data: PageData;
  /** Toggle buttons, each with a function that returns whether the button is pressed in a given state. */
  readonly #toggles: (readonly [HTMLButtonElement, (state: State) => boolean])[] = [];

  constructor(picture: Picture, data: PageData) {
    this.#picture = picture;
    this.#data = data;
    this.opener = button('View', 'Order, colours and saving', () => {
      if (!this.element.hasChildNodes()) this.#fill();
      this.element.hidden = !this.element.hidden;
      this.show(picture.state);
      picture.drawing.followHead();
    });
    set(this.opener, { 'aria-expanded': false });
    this.element.hidden = true;
  }

  show(state: State): void {
    set(this.opener, { 'aria-expanded': !this.element.hidden });
    for (const [toggle, isPressed] of this.#toggles) set(toggle, { 'aria-pressed': isPressed(state) });
  }

  #fill(): void {
    const { across, tree } = this.#data;
    if (tree.before) {
      const widths = WIDTHS.map(([widths, text]) =>
        this.#toggle(
          text,
          `Width is the share ${widths === 'both' ? 'before and after' : widths}`,
          'widths',
          widths,
        ),
      );
      this.element.append(named('Width', ...widths));
    }
    const toggles: HTMLButtonElement[] = [];
    if (across === 'names') {
      toggles.push(
        this.#toggle('Widest first', 'Sort boxes by their width instead of their name', 'byWidth'),
        this.#toggle('Merge recursion', 'Show a function that calls itself as one box', 'collapsed'),
      );
    }
    if (this.#picture.hasModules)
      toggles.push(
        this.#toggle('Colour by module', 'Colour boxes by module or outermost namespace', 'byModule'),
      );
    this.element.append(
      group(...toggles),
      named(
        'Save',
        button('SVG', 'Save the current view as a still picture', () => this.#save('svg')),
        button('PNG', 'Save the current view as an image', () => void this.#savePixels()),
        button('Folded', 'Save the current view as folded stacks', () => this.#save('folded')),
      ),
    );
  }

  #toggle(text: string, title: string, name: 'byWidth' | 'collapsed' | 'byModule'): HTMLButtonElement;
  #toggle(text: string, title: string, name: 'widths', value: Widths): HTMLButtonElement;
  #toggle(
    text: string,
    title: string,
    name: 'byWidth' | 'collapsed' | 'byModule' | 'widths',
    value?: Widths,
  ): HTMLButtonElement {
    const toggle = button(text, title, () =>
      this.#picture.arrange({ [name]: value ?? !this.#picture.state[name] }),
    );
    this.#toggles.push([toggle, (state) => state[name] === (value ?? true)]);
    return toggle;
  }

  #save(kind: 'svg' | 'folded'): void {
    const { layout, look, state } = this.#picture;
    const text = kind === 'svg' ? this.#picture.stillPicture() : foldedText(layout, look, state.zoom);
    save(this.#fileName(kind), new Blob([text]));
  }

  async #savePixels(): Promise<void> {
    try {
      save(this.#fileName('png'), await pixelsOf(this.#picture.stillPicture()));
    } catch {
      this.#picture.say('This page does not allow images; save an SVG instead.');
    }
  }

  #fileName(extension: string): string {
    const name = this.#data.title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-');
    return `${name.replaceAll(/^-|-$/g, '').slice(0, 80) || 'flame-graph'}.${extension}`;
  }
}

/** Groups buttons under a common name. */
function named(name: string, ...buttons: HTMLButtonElement[]): HTMLElement {
  const element = group(html('span', 'gap', name), ...buttons);
  set(element, { role: 'group', 'aria-label': name });
  return element;
}
