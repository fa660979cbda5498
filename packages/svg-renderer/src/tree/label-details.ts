import type { FrameTable, StackBatch } from '@stapflame/stacks';
import { combinedDetails, detailsOf, type NameDetails } from './name-details.ts';

/**
 * Maximum number of characters in the stored labels, modules and files. Labels that would exceed this limit have no
 * details.
 */
const MOST_TEXT = 1 << 24;

/**
 * Collects the details of frames by label. A stage that merges stacks by label drops the details of frames, so collect
 * them before that stage and pass them to the renderer as its `details` option.
 */
export class LabelDetails {
  readonly #byLabel = new Map<string, NameDetails>();
  #table: FrameTable | undefined;
  /** Number of frames read from the current table. */
  #seen = 0;
  #text = 0;

  /** Reads the frames that were not in earlier batches. The batch stays usable. */
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
    // Whether a label is stored depends on its own length, not on the length of its details. A label that is not stored
    // now is therefore never stored: later, the details of its first frames would be missing.
    if (this.#text + label.length >= MOST_TEXT) return;
    this.#text += label.length + (details.module?.length ?? 0) + (details.file?.length ?? 0);
    this.#byLabel.set(label, details);
  }

  /** Returns the details of the frames with this label; `undefined` if there were no such frames. */
  of(label: string): NameDetails | undefined {
    return this.#byLabel.get(label);
  }
}
