import type { FrameTable } from '../frames.ts';
import { isLeafLabel, labelOf } from '../label.ts';
import type { FrameCondition, Selection } from './selection.ts';

/** The bits in a frame's marks. Most of them say which conditions the frame meets. */
export const Mark = {
  /** Set for every frame that has been checked. */
  KNOWN: 1,
  FOCUS: 2,
  IGNORE: 4,
  HIDE: 8,
  SHOW: 16,
  FROM: 32,
  BASE: 64,
  SKIP: 128,
  /** Set if the frame's label is allowed for a leaf. */
  LEAF: 256,
} as const;

interface Condition {
  readonly name: FrameCondition;
  readonly mark: number;
  /** Tests a label; `undefined` if the selection does not use this condition. */
  readonly fits: ((label: string) => boolean) | undefined;
  /** The result for every frame if the selection does not use this condition. */
  readonly otherwise: boolean;
}

/** Checks each frame in a table only once, no matter how many stacks contain the frame. */
export class FrameMarks {
  readonly #conditions: readonly Condition[];
  /** The marks of all checked frames, combined with OR. */
  #met = 0;
  #table: FrameTable | undefined;
  #marks = new Uint16Array(1 << 10);
  /** The number of each frame's label, counted from 1; 0 for a frame not seen yet. */
  #labels = new Uint32Array(1 << 10);
  readonly #numbers = new Map<string, number>();

  constructor({ focus, ignore, hide, show, showFrom, base, skipAfter }: Selection) {
    this.#conditions = [
      { name: 'focus', mark: Mark.FOCUS, fits: matching(focus), otherwise: true },
      { name: 'ignore', mark: Mark.IGNORE, fits: matching(ignore), otherwise: false },
      { name: 'hide', mark: Mark.HIDE, fits: matching(hide), otherwise: false },
      { name: 'show', mark: Mark.SHOW, fits: matching(show), otherwise: true },
      { name: 'showFrom', mark: Mark.FROM, fits: matching(showFrom), otherwise: true },
      { name: 'base', mark: Mark.BASE, fits: oneOf(base), otherwise: true },
      { name: 'skipAfter', mark: Mark.SKIP, fits: oneOf(skipAfter), otherwise: false },
    ];
  }

  /** Prepares for a batch with this table, which may be new or may have grown. */
  use(table: FrameTable): void {
    if (table !== this.#table) {
      this.#table = table;
      this.#marks.fill(0);
      this.#labels.fill(0);
      this.#numbers.clear();
    }
    if (table.size <= this.#marks.length) return;
    const [marks, labels] = [new Uint16Array(table.size * 2), new Uint32Array(table.size * 2)];
    marks.set(this.#marks);
    labels.set(this.#labels);
    this.#marks = marks;
    this.#labels = labels;
  }

  /** Returns a frame's marks. */
  of(id: number): number {
    return this.#marks[id]! || this.#learn(id);
  }

  #learn(id: number): number {
    const label = this.#table!.label(id);
    let marks: number = Mark.KNOWN | (isLeafLabel(label) ? Mark.LEAF : 0);
    for (const { mark, fits, otherwise } of this.#conditions)
      if (fits ? fits(label) : otherwise) marks |= mark;
    this.#met |= marks;
    return (this.#marks[id] = marks);
  }

  /** Returns a number that is the same for all frames with the same label. */
  labelNumber(id: number): number {
    return this.#labels[id]! || this.#numberLabel(id);
  }

  #numberLabel(id: number): number {
    const label = this.#table!.label(id);
    const number = this.#numbers.get(label) ?? this.#numbers.size + 1;
    this.#numbers.set(label, number);
    return (this.#labels[id] = number);
  }

  /** Returns the conditions that no frame has met so far. */
  unmatched(): FrameCondition[] {
    return this.#conditions
      .filter(({ mark, fits }) => fits && (this.#met & mark) === 0)
      .map(({ name }) => name);
  }
}

/** Uses `search`, because it ignores the `lastIndex` of a global regular expression. */
function matching(pattern: RegExp | undefined): ((label: string) => boolean) | undefined {
  return pattern && ((label) => label.search(pattern) >= 0);
}

function oneOf(names: readonly string[] = []): ((label: string) => boolean) | undefined {
  if (names.length === 0) return undefined;
  const labels = new Set(names.map(labelOf));
  return (label) => labels.has(label);
}
