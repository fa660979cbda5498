import { shown } from '../src/picture/escape.ts';
import { layOut, type Layout, type LayoutFilter, type TreeData } from '../src/picture/layout.ts';
import { ExpressionError } from './expression.ts';
import { matchingNames } from './search.ts';
import type { Filter, State } from './state.ts';

/** The filtered picture, and a description of each filter. */
export interface Filtered {
  readonly layout: Layout;
  readonly chips: readonly string[];
}

export function applyFilters(tree: TreeData, { filters, widths }: State): Filtered {
  const layoutFilters: LayoutFilter[] = [];
  const chips = filters.map((filter) => {
    const names = namesOf(tree.names, filter);
    const what = `${filter.kind === 'hide' ? 'Hidden' : 'Only'}: ${shown(filter.text)}`;
    if (names instanceof ExpressionError) return `${what} (${names.message})`;
    if (!names.includes(1)) return `${what} (not in this picture)`;
    if (!isDrawn(tree, names)) return `${what} (too narrow to be drawn)`;
    layoutFilters.push({ kind: filter.kind, names });
    return what;
  });
  return { layout: layOut(tree, layoutFilters, widths), chips };
}

function isDrawn({ nameIds }: TreeData, names: Uint8Array): boolean {
  for (let box = 1; box < nameIds.length; box++) if (names[nameIds[box]!] === 1) return true;
  return false;
}

function namesOf(names: readonly string[], { by, text }: Filter): Uint8Array | ExpressionError {
  if (by !== 'name') return matchingNames(names, text, by === 'expression in this case');
  return Uint8Array.from(names, (name, id) => (id > 0 && name === text ? 1 : 0));
}
