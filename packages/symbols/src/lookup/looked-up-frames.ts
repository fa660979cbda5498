import type { Frame, FrameTable } from '@stapflame/stacks';
import type { FoundFunction } from './found.ts';

/**
 * A function that the lookup found. It replaces a frame of the source table, either alone or together with other
 * functions.
 */
export interface FoundFrame {
  readonly label: string;
  readonly sourceId: number;
  readonly found: FoundFunction;
  /** The file that contains the code; `undefined` if the file is not known or there is no file. */
  readonly module: string | undefined;
  readonly mark: 'inlined' | 'jit' | undefined;
}

/**
 * The frames of another table, some of which are replaced by functions that the lookup found. All frames have new
 * numbers. The frames of these functions are composed only on request, because most outputs need only labels.
 */
export class LookedUpFrames implements FrameTable {
  readonly #source: FrameTable;
  readonly #labelsOnly: boolean;
  /**
   * For an unchanged frame, its number in the source table; for a function found by the lookup, this function; for any
   * other new frame, the complete frame.
   */
  readonly #entries: (number | FoundFrame | Frame)[] = [];
  readonly #kept: (number | undefined)[] = [];
  readonly #byLabel = new Map<string, number>();

  /**
   * @param frames if `labels`, all functions found with the same label become a single frame, which has only a label
   */
  constructor(source: FrameTable, frames: 'whole' | 'labels') {
    this.#source = source;
    this.#labelsOnly = frames === 'labels';
  }

  get size(): number {
    return this.#entries.length;
  }

  label(id: number): string {
    const entry = this.#entries[id]!;
    return typeof entry === 'number' ? this.#source.label(entry) : entry.label;
  }

  frame(id: number): Frame {
    const entry = this.#entries[id]!;
    if (typeof entry === 'number') return this.#source.frame(entry);
    return 'found' in entry ? this.#composed(entry) : entry;
  }

  /** Returns the new number of an unchanged frame of the source table. */
  keep(sourceId: number): number {
    return (this.#kept[sourceId] ??= this.#entries.push(sourceId) - 1);
  }

  /** Adds a frame and returns its number. */
  add(frame: Frame): number {
    return this.#entries.push(frame) - 1;
  }

  /** Adds a function found by the lookup and returns its number. */
  addFound(frame: FoundFrame): number {
    if (!this.#labelsOnly) return this.#entries.push(frame) - 1;
    const { label } = frame;
    let id = this.#byLabel.get(label);
    if (id === undefined) this.#byLabel.set(label, (id = this.add({ label })));
    return id;
  }

  #composed({ label, sourceId, found: { symbol, ...place }, module, mark }: FoundFrame): Frame {
    // leave out the offset, because the offset in the function that was found is not known
    const { label: _, symbol: __, offset: ___, ...known } = this.#source.frame(sourceId);
    return {
      label,
      symbol,
      ...known,
      ...(module !== undefined && { module }),
      ...place,
      ...(mark === 'inlined' && { inlined: true }),
      ...(mark === 'jit' && { jit: true }),
    };
  }
}
