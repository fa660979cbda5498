import { ByteNames, isLabel, type FrameTable } from '@stapflame/stacks';
import { RendererError } from '../errors.ts';
import { combinedDetails, detailsOf, type NameDetails } from './name-details.ts';
import { NameEncoder } from './name-encoder.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Gives numbers to the labels of frames from any table, starting at 1, and collects the frames' details. */
export class Names {
  readonly #labels = new ByteNames();
  /** Details, indexed by name number. */
  readonly #details: NameDetails[] = [];
  readonly #encoder = new NameEncoder();

  /** The largest name number plus one. */
  get size(): number {
    return this.#labels.size;
  }

  /** Returns the number of a frame's label. */
  add(table: FrameTable, frame: number): number {
    const whole = table.frame(frame);
    const { label } = whole;
    if (!isLabel(label)) {
      throw new RendererError(
        'INVALID_STACKS',
        `frame ${frame} has the label ${JSON.stringify(label)}, which is not valid; create labels with labelOf`,
      );
    }
    const length = this.#encoder.encode(label);
    const number = this.#labels.intern(this.#encoder.bytes, 0, length);
    const details = detailsOf(whole);
    const known = this.#details[number];
    this.#details[number] = known ? combinedDetails(known, details) : details;
    return number;
  }

  /**
   * Removes all names except those with these numbers. In the given array, replaces each number with the name's new
   * number.
   */
  keepOnly(numbers: Int32Array): void {
    const isKept = new Uint8Array(this.size);
    for (let i = 0; i < numbers.length; i++) isKept[numbers[i]!] = 1;
    const moved = this.#labels.keepOnly(isKept);
    for (let i = 0; i < numbers.length; i++) numbers[i] = moved[numbers[i]!]!;
    for (let number = 1; number < moved.length; number++)
      if (moved[number] !== 0) this.#details[moved[number]!] = this.#details[number]!;
    this.#details.length = this.size;
  }

  label(number: number): string {
    return decoder.decode(this.#labels.name(number));
  }

  details(number: number): NameDetails {
    return this.#details[number]!;
  }

  /** Returns all numbers, sorted by the bytes of their labels. */
  inOrder(): Uint32Array {
    const numbers = Uint32Array.from({ length: this.size - 1 }, (_, i) => i + 1);
    this.#labels.sort(numbers);
    return numbers;
  }
}
