import { fromFragment, toFragment, type Link, type State } from './state.ts';

/** Actions that follow each other and make one step of the history together. */
export type Manner = 'typing' | 'stepping';

/** The address bar and the history of a picture alone in its window. */
export class Address {
  readonly #initial: State;
  #manner: Manner | undefined;

  constructor(initial: State) {
    this.#initial = initial;
  }

  /** What the address says now: the reader came by a link, or went back. */
  read(): Link {
    this.#manner = undefined;
    return fromFragment(location.hash, this.#initial);
  }

  /** Makes a link to the state, which Back undoes. @param zoom the path of the zoomed box */
  write(state: State, zoom: string, manner: Manner | undefined): void {
    const fragment = toFragment(state, this.#initial, zoom);
    const goesOn = manner !== undefined && manner === this.#manner;
    this.#manner = manner;
    if (fragment === location.hash.replace(/^#/, '')) return;
    if (goesOn) history.replaceState(null, '', `#${fragment}`);
    else history.pushState(null, '', `#${fragment}`);
  }
}
