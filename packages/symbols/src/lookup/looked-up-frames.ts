import type { Frame, FrameTable } from '@stapflame/stacks';
import type { FoundFunction } from './found.ts';

/** A function that replaces a frame of the source, alone or together with others. */
export interface FoundFrame {
  readonly label: string;
  readonly sourceId: number;
  readonly found: FoundFunction;
  /** File that the code is in; `undefined` if the file is not known or there is no file. */
  readonly module: string | undefined;
  readonly mark: 'inlined' | 'jit' | undefined;
}

/**
 * The frames of another table, and the frames that were found in place of some of them, with new numbers. A found
 * frame is only assembled when it is asked for, because most outputs show nothing but labels.
 */
export class LookedUpFrames implements FrameTable {
  readonly #source: FrameTable;
  readonly #labelsOnly: boolean;
  /**
   * Indexed by number: the number of a frame of the source that stays, what was found, or what is known of a
   * frame.
   */
  readonly #entries: (number | FoundFrame | Frame)[] = [];
  readonly #kept: (number | undefined)[] = [];
  readonly #byLabel = new Map<string, number>();

  /** @param frames with `labels`, found frames with the same label become one frame that keeps only its label */
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

  /** The number here of a frame of the source that stays as it is. */
  keep(sourceId: number): number {
    return (this.#kept[sourceId] ??= this.#entries.push(sourceId) - 1);
  }

  /** Adds a frame and returns its number. */
  add(frame: Frame): number {
    return this.#entries.push(frame) - 1;
  }

  /** Adds a function that was found and returns its number. */
  addFound(frame: FoundFrame): number {
    if (!this.#labelsOnly) return this.#entries.push(frame) - 1;
    const { label } = frame;
    let id = this.#byLabel.get(label);
    if (id === undefined) this.#byLabel.set(label, (id = this.add({ label })));
    return id;
  }

  #composed({ label, sourceId, found: { symbol, ...place }, module, mark }: FoundFrame): Frame {
    // the offset in the function is not known
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
