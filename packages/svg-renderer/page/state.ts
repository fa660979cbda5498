import type { Paths } from './paths.ts';

/** What a filter leaves out, or leaves: a name, or all that an expression finds. */
export interface Filter {
  readonly kind: 'hide' | 'focus';
  readonly by: 'name' | 'expression' | 'expression in this case';
  readonly text: string;
}

/** What a reader has done to the picture: all that a link restores. */
export interface State {
  readonly zoom: number;
  readonly inverted: boolean;
  readonly filters: readonly Filter[];
  readonly search: string;
  readonly matchCase: boolean;
}

/** More filters than a reader sets; each goes once through all boxes. */
const MOST_FILTERS = 32;
const SUFFIXES = { name: '', expression: '-like', 'expression in this case': '-matching' } as const;

/** The state as the fragment of an address; empty for the state that the file opens with. */
export function toFragment(state: State, initial: State, paths: Paths): string {
  const fields = new URLSearchParams();
  if (state.zoom !== 0) fields.set('zoom', paths.addressOf(state.zoom));
  if (state.inverted !== initial.inverted) fields.set('turned', '1');
  if (state.search !== '') fields.set('search', state.search);
  if (state.matchCase) fields.set('case', '1');
  for (const { kind, by, text } of state.filters) fields.append(`${kind}${SUFFIXES[by]}`, text);
  return fields.toString();
}

/** What a fragment says, as far as it fits this picture. */
export interface Link {
  readonly state: State;
  /** The box that it zooms to is in this picture. */
  readonly fits: boolean;
}

export function fromFragment(fragment: string, initial: State, paths: Paths): Link {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const address = fields.get('zoom');
  const zoom = address === null ? 0 : paths.boxAt(address);
  const filters: Filter[] = [];
  for (const [key, text] of fields) {
    const [, kind, suffix] = /^(hide|focus)(-like|-matching|)$/.exec(key) ?? [];
    const by = (Object.keys(SUFFIXES) as (keyof typeof SUFFIXES)[]).find((each) => SUFFIXES[each] === suffix);
    if (kind && by && filters.length < MOST_FILTERS) filters.push({ kind: kind as Filter['kind'], by, text });
  }
  return {
    state: {
      zoom: Math.max(0, zoom),
      inverted: fields.has('turned') !== initial.inverted,
      search: fields.get('search') ?? '',
      matchCase: fields.has('case'),
      filters,
    },
    fits: zoom >= 0,
  };
}
