import type { Boxes } from '../tree/boxes.ts';
import type { NameDetails } from '../tree/name-details.ts';
import { wellFormed } from './escape.ts';
import type { DetailColumns } from './layout.ts';

/** Returns the details of a label; `undefined` if there are none. */
export type DetailsOfLabel = (label: string) => NameDetails | undefined;

/**
 * Returns the details of the boxes' names, in the format stored in the file.
 *
 * @param idOf each name's number in the file
 */
export function detailColumns(
  { names, details }: Boxes,
  idOf: readonly number[],
  given?: DetailsOfLabel,
): DetailColumns | undefined {
  const modules = new Texts();
  const files = new Texts();
  const lines: Record<number, string> = {};
  const inlined: number[] = [];
  for (const [name, ofFrames] of details.entries()) {
    const { module, file, firstLine, lastLine, inlined: isInlined } = given?.(names[name]!) ?? ofFrames;
    const id = idOf[name]!;
    if (typeof module === 'string') modules.set(id, wellFormed(module));
    if (isInlined) inlined.push(id);
    if (typeof file !== 'string') continue;
    files.set(id, wellFormed(file));
    if (firstLine !== undefined)
      lines[id] = firstLine === lastLine ? `${firstLine}` : `${firstLine}–${lastLine}`;
  }
  if (modules.texts.length + files.texts.length + inlined.length === 0) return undefined;
  return {
    modules: modules.texts,
    moduleIds: modules.ids,
    files: files.texts,
    fileIds: files.ids,
    lines,
    inlined,
  };
}

/** A table of distinct strings, and each name's index into it. */
class Texts {
  readonly #places = new Map<string, number>();
  readonly ids: number[] = [];

  get texts(): readonly string[] {
    return [...this.#places.keys()];
  }

  set(name: number, text: string): void {
    while (this.ids.length < name) this.ids.push(-1);
    const place = this.#places.get(text) ?? this.#places.size;
    this.#places.set(text, place);
    this.ids[name] = place;
  }
}

/** The end of an inlined function's label. Other tools use the same mark. */
export const MARK_OF_INLINED: string = '_[i]';

/** Whether calls to the function were inlined, according to its frames or its label. */
export function isInlined(label: string, name: number, details: DetailColumns | undefined): boolean {
  return label.endsWith(MARK_OF_INLINED) || details?.inlined.includes(name) === true;
}

/** Formats details such as `libc.so.6, malloc.c:123–140, inlined`; empty if nothing is known. */
export function knownText(label: string, name: number, details: DetailColumns | undefined): string {
  const words: string[] = [];
  const module = details?.modules[details.moduleIds[name] ?? -1];
  const file = details?.files[details.fileIds[name] ?? -1];
  const lines = details?.lines[name];
  if (module !== undefined) words.push(module);
  if (file !== undefined) words.push(lines === undefined ? file : `${file}:${lines}`);
  if (isInlined(label, name, details)) words.push('inlined');
  return words.join(', ');
}
