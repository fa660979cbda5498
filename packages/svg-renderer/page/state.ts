import type { Widths } from '../src/picture/layout.ts';
import type { Arrangement } from './arrangement.ts';

/** A filter that hides or focuses on either one name or all names that match an expression. */
export interface Filter {
  readonly kind: 'hide' | 'focus';
  readonly by: 'name' | 'expression' | 'expression in this case';
  readonly text: string;
}

/** Everything that the user can change and a link can restore. */
export interface State extends Arrangement {
  readonly zoom: number;
  readonly inverted: boolean;
  readonly filters: readonly Filter[];
  readonly search: string;
  readonly matchCase: boolean;
  readonly byModule: boolean;
  readonly widths: Widths;
}

/** Maximum number of filters in a link. Each filter costs a pass over all boxes. */
const MOST_FILTERS = 32;
const SUFFIXES = { name: '', expression: '-like', 'expression in this case': '-matching' } as const;
/** Address fields for the settings that are either on or off. */
const FLAGS = { matchCase: 'case', byWidth: 'widest', collapsed: 'collapsed', byModule: 'modules' } as const;
const WIDTHS = ['after', 'before', 'both'] as const;
const FLAG_NAMES = Object.keys(FLAGS) as (keyof typeof FLAGS)[];

/** Returns the state in which the file opens. */
export function initialState({ inverted, widths }: Pick<State, 'inverted' | 'widths'>): State {
  return {
    zoom: 0,
    inverted,
    filters: [],
    search: '',
    matchCase: false,
    byWidth: false,
    collapsed: false,
    byModule: false,
    widths,
  };
}

/**
 * Returns the state as a URL fragment, which is empty for the initial state.
 *
 * @param zoom the address of the zoomed box
 */
export function toFragment(state: State, initial: State, zoom: string): string {
  const fields = new URLSearchParams();
  if (state.zoom !== 0) fields.set('zoom', zoom);
  if (state.inverted !== initial.inverted) fields.set('turned', '1');
  if (state.search !== '') fields.set('search', state.search);
  if (state.widths !== initial.widths) fields.set('widths', state.widths);
  for (const name of FLAG_NAMES) if (state[name]) fields.set(FLAGS[name], '1');
  for (const { kind, by, text } of state.filters) fields.append(`${kind}${SUFFIXES[by]}`, text);
  return fields.toString();
}

/** The content of a URL fragment. */
export interface Link {
  /** The state without the zoom. */
  readonly state: State;
  /** The address of the zoomed box. */
  readonly zoom: string | undefined;
}

export function fromFragment(fragment: string, initial: State): Link {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const filters: Filter[] = [];
  for (const [key, text] of fields) {
    const [, kind, suffix] = /^(hide|focus)(-like|-matching|)$/.exec(key) ?? [];
    const by = (Object.keys(SUFFIXES) as (keyof typeof SUFFIXES)[]).find((each) => SUFFIXES[each] === suffix);
    if (kind && by && filters.length < MOST_FILTERS) filters.push({ kind: kind as Filter['kind'], by, text });
  }
  const widths = fields.get('widths');
  const flags = Object.fromEntries(FLAG_NAMES.map((name) => [name, fields.has(FLAGS[name])])) as Pick<
    State,
    keyof typeof FLAGS
  >;
  return {
    state: {
      ...initial,
      ...flags,
      inverted: fields.has('turned') !== initial.inverted,
      search: fields.get('search') ?? '',
      // keep the same array if there are no filters, because a new array would cause a new layout
      filters: filters.length > 0 ? filters : initial.filters,
      widths: WIDTHS.find((each) => each === widths) ?? initial.widths,
    },
    zoom: fields.get('zoom') ?? undefined,
  };
}
