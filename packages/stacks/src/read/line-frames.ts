import { FrameList, type Frame } from '../frames.ts';
import { labelOf } from '../label.ts';

/**
 * What a parser makes of a line of a stack, as the word with which a scanner remembers it:
 *
 *     25       24      23 … 0
 *     │ SOURCE │ GROUP │ number of the frame, of the group of frames, or of the source line │
 */
const ID = 0x00ffffff;
const GROUP = 0x01000000;
const SOURCE = 0x02000000;
/** All bits of a word. */
export const WORD: number = ID | GROUP | SOURCE;
/** Words with one of these bits are not the numbers of frames. */
export const NO_FRAME: number = GROUP | SOURCE;

/** The source file and the line of a frame's code. */
export type SourceLine = Required<Pick<Frame, 'file' | 'line'>>;

/** What all roots of a text have in common. */
export type RootFields = Pick<Frame, 'thread'>;

/** The frames of the lines of a text, by number. */
export class LineFrames {
  readonly table: FrameList = new FrameList();
  /** Frames that one line stands for, leaf first. */
  readonly #groups: (readonly number[])[] = [];
  readonly #sources: SourceLine[] = [];
  /** Frames that are known by a text: roots, frames from the line of a sample, frames with a source line. */
  readonly #byText = new Map<string, number>();

  /** How much text is kept. */
  get size(): number {
    return this.table.size + this.#sources.length;
  }

  /** Adds the frames of a line and gives its word. */
  add(frames: readonly Frame[]): number {
    const ids = frames.map((frame) => this.table.add(frame));
    return ids.length === 1 ? ids[0]! : (this.#groups.push(ids) - 1) | GROUP;
  }

  /** Adds the source line of the frame before it and gives its word. */
  addSource({ file, line }: SourceLine): number {
    return (this.#sources.push({ file, line }) - 1) | SOURCE;
  }

  /** The word for this text; a new text gets one. */
  known(text: string, frames: (text: string) => readonly Frame[]): number {
    let word = this.#byText.get(text);
    if (word === undefined) this.#byText.set(text, (word = this.add(frames(text))));
    return word;
  }

  /** The number of a frame about which only its name is known, and possibly what all roots have in common. */
  named(name: string, common?: RootFields): number {
    return this.#byText.get(name) ?? this.known(name, () => [{ ...common, label: labelOf(name) }]);
  }

  /** The numbers of the frames for which the words stand. */
  expand(words: Uint32Array): number[] {
    const ids: number[] = [];
    for (const word of words) {
      const id = word & ID;
      if ((word & GROUP) !== 0) ids.push(...this.#groups[id]!);
      else if ((word & SOURCE) === 0) ids.push(id);
      else if (ids.length > 0) {
        const frame = { ...this.table.frame(ids.at(-1)!), ...this.#sources[id] };
        ids.push(this.known(`\n${ids.pop()} ${id}`, () => [frame]));
      }
    }
    return ids;
  }
}
