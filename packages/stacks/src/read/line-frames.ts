import { FrameList, type Frame } from '../frames.ts';
import { labelOf } from '../label.ts';

/**
 * The word that a scanner remembers for a line of a stack. It says what the line stands for:
 *
 *     25       24      23 … 0
 *     │ SOURCE │ GROUP │ number of the frame, group of frames or source line │
 */
const ID = 0x00ffffff;
const GROUP = 0x01000000;
const SOURCE = 0x02000000;
/** The bits used in words. */
export const WORD: number = ID | GROUP | SOURCE;
/** The bits that are clear in the word for a single frame. */
export const NO_FRAME: number = GROUP | SOURCE;

/** The source file and line number of a frame's code. */
export type SourceLine = Required<Pick<Frame, 'file' | 'line'>>;

/** The fields shared by all of an input's root frames. */
export type RootFields = Pick<Frame, 'thread'>;

/** The frames in an input's lines, indexed by frame number. */
export class LineFrames {
  readonly table: FrameList = new FrameList();
  /** The frames of each line that stands for several frames, leaf first. */
  readonly #groups: (readonly number[])[] = [];
  readonly #sources: SourceLine[] = [];
  /**
   * The word for each text that names a root frame, a frame in a sample's first line, or a frame with a source line.
   */
  readonly #byText = new Map<string, number>();

  /** Number of frames and source lines. */
  get size(): number {
    return this.table.size + this.#sources.length;
  }

  /** Adds a line's frames, leaf first, and returns the word for the scanner to remember for this line. */
  add(frames: readonly Frame[]): number {
    const ids = frames.map((frame) => this.table.add(frame));
    return ids.length === 1 ? ids[0]! : (this.#groups.push(ids) - 1) | GROUP;
  }

  /** Adds a line that gives the previous frame's source line, and returns the added line's word. */
  addSource({ file, line }: SourceLine): number {
    return (this.#sources.push({ file, line }) - 1) | SOURCE;
  }

  /** Returns the word for this text. If the text is new, first adds its frames. */
  known(text: string, frames: (text: string) => readonly Frame[]): number {
    let word = this.#byText.get(text);
    if (word === undefined) this.#byText.set(text, (word = this.add(frames(text))));
    return word;
  }

  /** Returns the number of the frame with this name. If the frame is new, adds it with the `common` fields. */
  named(name: string, common?: RootFields): number {
    return this.#byText.get(name) ?? this.known(name, () => [{ ...common, label: labelOf(name) }]);
  }

  /** Returns the numbers of the frames that the words stand for. */
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
