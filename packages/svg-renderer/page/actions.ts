import type { Picture } from './picture.ts';
import type { Actions } from './toolbar.ts';

/** Connects the buttons to a picture. */
export function actionsOf(picture: Picture): Actions {
  return {
    search: (text) => picture.type(text),
    toggleCase: () => picture.change({ matchCase: !picture.state.matchCase }),
    step: (by) => picture.step(by),
    turn: () => picture.change({ inverted: !picture.state.inverted }),
    hide: () => picture.filterSelected('hide'),
    focus: () => picture.filterSelected('focus'),
    hideFound: () => picture.filterFound('hide'),
    focusFound: () => picture.filterFound('focus'),
    dropFilter: (at) => picture.change({ filters: picture.state.filters.filter((_, i) => i !== at) }),
    copy: () => void picture.copy(),
    reset: () => picture.reset(),
    zoom: (box) => picture.zoom(box),
  };
}
