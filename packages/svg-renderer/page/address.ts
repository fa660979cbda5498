import { fromFragment, toFragment, type Link, type State } from './state.ts';

/** Actions that share one history step if they follow each other. */
export type Manner = 'typing' | 'stepping';

/** The address bar and the history, for a picture that has the window to itself. */
export class Address {
  readonly #initial: State;
  #manner: Manner | undefined;

  constructor(initial: State) {
    this.#initial = initial;
  }

  /** Reads the address after the reader followed a link or went back. */
  read(): Link {
    this.#manner = undefined;
    return fromFragment(location.hash, this.#initial);
  }

  /** Puts the state into the address, as a history step that Back undoes. @param zoom the path of the zoomed box */
  write(state: State, zoom: string, manner: Manner | undefined): void {
    const fragment = toFragment(state, this.#initial, zoom);
    const goesOn = manner !== undefined && manner === this.#manner;
    this.#manner = manner;
    if (fragment === location.hash.replace(/^#/, '')) return;
    if (goesOn) history.replaceState(null, '', `#${fragment}`);
    else history.pushState(null, '', `#${fragment}`);
  }
}
