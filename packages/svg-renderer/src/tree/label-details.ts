import type { FrameTable, StackBatch } from '@stapflame/stacks';
import { combinedDetails, detailsOf, type NameDetails } from './name-details.ts';

/** The most characters of labels, modules and files that are kept. Labels that no longer fit have no details. */
const MOST_TEXT = 1 << 24;

/**
 * Details of frames, by label. A stage that merges stacks by label drops them, so they are collected before that stage
 * and given to the renderer as its option `details`.
 */
export class LabelDetails {
  readonly #byLabel = new Map<string, NameDetails>();
  #table: FrameTable | undefined;
  /** Number of the table's frames seen. */
  #seen = 0;
  #text = 0;

  /** Reads the frames that no earlier batch contained. The batch stays usable. */
  add({ table }: StackBatch): void {
    if (table.labelsOnly === true) return;
    if (table !== this.#table) this.#seen = 0;
    this.#table = table;
    for (; this.#seen < table.size; this.#seen++) {
      const frame = table.frame(this.#seen);
      const details = detailsOf(frame);
      const known = this.#byLabel.get(frame.label);
      if (known) this.#byLabel.set(frame.label, combinedDetails(known, details));
      else this.#addLabel(frame.label, details);
    }
  }

  #addLabel(label: string, details: NameDetails): void {
    // only the label's length counts, so a refused label stays refused: later frames must not speak for all its frames
    if (this.#text + label.length >= MOST_TEXT) return;
    this.#text += label.length + (details.module?.length ?? 0) + (details.file?.length ?? 0);
    this.#byLabel.set(label, details);
  }

  /** Details of the frames with this label; `undefined` if there were no such frames. */
  of(label: string): NameDetails | undefined {
    return this.#byLabel.get(label);
  }
}
