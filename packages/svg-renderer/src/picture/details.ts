import type { Boxes } from '../tree/boxes.ts';
import { wellFormed } from './escape.ts';
import type { DetailColumns } from './layout.ts';

/**
 * What is known about the names of boxes, as the file keeps it.
 *
 * @param idOf the number in the file of each name of the boxes
 */
export function detailColumns({ details }: Boxes, idOf: readonly number[]): DetailColumns | undefined {
  const places = new Map<string, number>();
  const moduleIds: number[] = [];
  const sources: Record<number, string> = {};
  const inlined: number[] = [];
  for (const [name, { module, source, inlined: isInlined }] of details.entries()) {
    const id = idOf[name]!;
    if (module !== undefined) {
      if (!places.has(module)) places.set(module, places.size);
      while (moduleIds.length < id) moduleIds.push(-1);
      moduleIds[id] = places.get(module)!;
    }
    if (source !== undefined) sources[id] = wellFormed(source);
    if (isInlined) inlined.push(id);
  }
  if (places.size + inlined.length + Object.keys(sources).length === 0) return undefined;
  return { modules: Array.from(places.keys(), wellFormed), moduleIds, sources, inlined };
}

/** `libc.so.6, malloc.c:123, inlined`; empty if nothing is known. */
export function knownText(details: DetailColumns | undefined, name: number): string {
  if (!details) return '';
  const { modules, moduleIds, sources, inlined } = details;
  const words = [
    modules[moduleIds[name] ?? -1],
    sources[name],
    inlined.includes(name) ? 'inlined' : undefined,
  ];
  return words.filter((word) => word !== undefined).join(', ');
}
