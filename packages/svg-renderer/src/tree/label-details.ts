import type { FrameTable, StackBatch } from '@stapflame/stacks';
import { combinedDetails, detailsOf, type NameDetails } from './name-details.ts';

/** The most characters of labels, modules and files that are kept. Nothing is known about labels that no longer fit. */
const MOST_TEXT = 1 << 24;

/**
 * What frames say in addition to their labels, by label. A stage that merges stacks by label drops it, so it is
 * collected before that stage and given to the renderer as the option `details`.
 */
export class LabelDetails {
  readonly #byLabel = new Map<string, NameDetails>();
  #table: FrameTable | undefined;
  /** How many frames of the table were looked at. */
  #seen = 0;
  #text = 0;

  /** Looks at the frames that no earlier batch had. The batch stays usable. */
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
    // by its own length alone, so that a label that was refused stays so: a later frame may not speak for all of its frames
    if (this.#text + label.length >= MOST_TEXT) return;
    this.#text += label.length + (details.module?.length ?? 0) + (details.file?.length ?? 0);
    this.#byLabel.set(label, details);
  }

  /** What is known of the frames with this label; `undefined` if there were no such frames. */
  of(label: string): NameDetails | undefined {
    return this.#byLabel.get(label);
  }
}
