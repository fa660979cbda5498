import { isLabel, type FrameTable } from '@stapflame/stacks';
import { RendererError } from '../errors.ts';
import { agreedDetails, detailsOf, type NameDetails } from './name-details.ts';

const FIRST_FRAMES = 1 << 10;

/** Numbers the labels of frames. Numbers do not change when the table of the frames does. */
export class Names {
  readonly #texts: string[] = [];
  readonly #details: NameDetails[] = [];
  readonly #ids = new Map<string, number>();
  #table: FrameTable | undefined;
  /** Numbers of frames of the table, plus one; 0 for those that were not asked for yet. */
  #known: Int32Array = new Int32Array(FIRST_FRAMES);

  /** The number of the label of a frame. */
  numberOf(table: FrameTable, frame: number): number {
    if (table !== this.#table) {
      this.#table = table;
      this.#known.fill(0);
    }
    if (frame >= this.#known.length) this.#know(frame);
    return (this.#known[frame] ||= this.#add(table, frame) + 1) - 1;
  }

  #know(frame: number): void {
    const known = new Int32Array(Math.max(frame + 1, this.#known.length * 2));
    known.set(this.#known);
    this.#known = known;
  }

  #add(table: FrameTable, frame: number): number {
    const whole = table.frame(frame);
    const { label } = whole;
    const known = this.#ids.get(label);
    if (known !== undefined) {
      this.#details[known] = agreedDetails(this.#details[known]!, detailsOf(whole));
      return known;
    }
    if (!isLabel(label)) {
      throw new RendererError(
        'INVALID_STACKS',
        `frame ${frame} is called ${JSON.stringify(label)}, which is no label; make labels by labelOf`,
      );
    }
    const number = this.#texts.push(label) - 1;
    this.#details.push(detailsOf(whole));
    this.#ids.set(label, number);
    return number;
  }

  text(number: number): string {
    return this.#texts[number]!;
  }

  details(number: number): NameDetails {
    return this.#details[number]!;
  }

  get texts(): readonly string[] {
    return this.#texts;
  }
}
