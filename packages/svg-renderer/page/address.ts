import { fromFragment, toFragment, type Link, type State } from './state.ts';

/** Kinds of actions that share one history step when repeated. */
export type Manner = 'typing' | 'stepping';

/** Keeps the address bar and the browser history up to date for a picture that fills its window. */
export class Address {
  readonly #initial: State;
  #manner: Manner | undefined;

  constructor(initial: State) {
    this.#initial = initial;
  }

  /** Reads the state from the address, after the user has followed a link or gone back. */
  read(): Link {
    this.#manner = undefined;
    return fromFragment(location.hash, this.#initial);
  }

  /**
   * Writes the state to the address and adds a history step, so that the Back button undoes the change.
   *
   * @param zoom the path of the zoomed box
   */
  write(state: State, zoom: string, manner: Manner | undefined): void {
    const fragment = toFragment(state, this.#initial, zoom);
    const goesOn = manner !== undefined && manner === this.#manner;
    this.#manner = manner;
    if (fragment === location.hash.replace(/^#/, '')) return;
    if (goesOn) history.replaceState(null, '', `#${fragment}`);
    else history.pushState(null, '', `#${fragment}`);
  }
}
