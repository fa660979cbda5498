import type { FrameTable } from '../frames.ts';
import { isLeafLabel, labelOf } from '../label.ts';
import type { FrameCondition, Selection } from './selection.ts';

/** What is known about a frame: one bit for each condition. */
export const Mark = {
  /** The frame was looked at. */
  KNOWN: 1,
  FOCUS: 2,
  IGNORE: 4,
  HIDE: 8,
  SHOW: 16,
  FROM: 32,
  BASE: 64,
  SKIP: 128,
  /** The label of the frame may end a stack. */
  LEAF: 256,
} as const;

interface Condition {
  readonly name: FrameCondition;
  readonly mark: number;
  /** `undefined` if the selection does not ask for it. */
  readonly fits: ((label: string) => boolean) | undefined;
  /** The bits of every frame that the selection does not ask about. */
  readonly otherwise: boolean;
}

/** Looks at each frame of a table once, however many stacks it is in. */
export class FrameMarks {
  readonly #conditions: readonly Condition[];
  /** The marks of all frames that were looked at, or-ed. */
  #met = 0;
  #table: FrameTable | undefined;
  #marks = new Uint16Array(1 << 10);
  /** The number of the label of each frame, from 1; 0 until the frame is first seen. */
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

  /** Follows the growth of the table, or starts over with another one. */
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

  /** The marks of a frame of the table. */
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

  /** A number that frames with the same label share. */
  labelNumber(id: number): number {
    return this.#labels[id]! || this.#numberLabel(id);
  }

  #numberLabel(id: number): number {
    const label = this.#table!.label(id);
    const number = this.#numbers.get(label) ?? this.#numbers.size + 1;
    this.#numbers.set(label, number);
    return (this.#labels[id] = number);
  }

  /** The conditions that no frame has met so far. */
  unmatched(): FrameCondition[] {
    return this.#conditions
      .filter(({ mark, fits }) => fits && (this.#met & mark) === 0)
      .map(({ name }) => name);
  }
}

/** `search` starts at the beginning, whatever the expression was used for before. */
function matching(pattern: RegExp | undefined): ((label: string) => boolean) | undefined {
  return pattern && ((label) => label.search(pattern) >= 0);
}

function oneOf(names: readonly string[] = []): ((label: string) => boolean) | undefined {
  if (names.length === 0) return undefined;
  const labels = new Set(names.map(labelOf));
  return (label) => labels.has(label);
}
