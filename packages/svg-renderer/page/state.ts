import type { Filter } from '../src/picture/layout.ts';

/** What a reader has done to the picture: all that a link restores. */
export interface State {
  readonly zoom: number;
  readonly inverted: boolean;
  readonly filters: readonly Filter[];
  readonly search: string;
  readonly matchCase: boolean;
}

/** The state as the fragment of an address; empty for the state that the file opens with. */
export function toFragment(state: State, initial: State): string {
  const fields = new URLSearchParams();
  if (state.zoom !== 0) fields.set('zoom', String(state.zoom));
  if (state.inverted !== initial.inverted) fields.set('turned', '1');
  if (state.search !== '') fields.set('search', state.search);
  if (state.matchCase) fields.set('case', '1');
  if (state.filters.length > 0) {
    fields.set(
      'only',
      state.filters.map(({ kind, name }) => `${kind === 'hide' ? '-' : ''}${name}`).join('.'),
    );
  }
  return fields.toString();
}

/** Reads a fragment; what it does not know, or what is not in this picture, is left out. */
export function fromFragment(fragment: string, initial: State, boxes: number, names: number): State {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const zoom = Number(fields.get('zoom') ?? 0);
  const filters = (fields.get('only') ?? '')
    .split('.')
    .filter((field) => /^-?\d+$/.test(field) && Math.abs(Number(field)) < names)
    .map((field): Filter => ({
      kind: field.startsWith('-') ? 'hide' : 'focus',
      name: Math.abs(Number(field)),
    }));
  return {
    zoom: Number.isInteger(zoom) && zoom >= 0 && zoom < boxes ? zoom : 0,
    inverted: fields.has('turned') !== initial.inverted,
    search: fields.get('search') ?? '',
    matchCase: fields.has('case'),
    filters,
  };
}
