import type { Paths } from './paths.ts';
import { fromFragment, toFragment, type Link, type State } from './state.ts';

/** What goes on with what was done before: the whole of it is one step of the history, not one each. */
export type Manner = 'typing' | 'stepping';

/** The address bar and the history of a picture alone in its window. */
export class Address {
  readonly #initial: State;
  readonly #paths: Paths;
  #manner: Manner | undefined;

  constructor(initial: State, paths: Paths) {
    this.#initial = initial;
    this.#paths = paths;
  }

  /** What the address says now: the reader came by a link, or went back. */
  read(): Link {
    this.#manner = undefined;
    return fromFragment(location.hash, this.#initial, this.#paths);
  }

  /** Has a link hold the state, and Back undo it. */
  write(state: State, manner: Manner | undefined): void {
    const fragment = toFragment(state, this.#initial, this.#paths);
    const goesOn = manner !== undefined && manner === this.#manner;
    this.#manner = manner;
    if (fragment === location.hash.replace(/^#/, '')) return;
    if (goesOn) history.replaceState(null, '', `#${fragment}`);
    else history.pushState(null, '', `#${fragment}`);
  }
}
