import {
  StackSelector,
  type FrameCondition,
  type Selection,
  type SelectionSummary,
  type StackBatch,
} from '@stapflame/stacks';
import { CliError, Exit } from './exit.ts';

const FLAGS: Readonly<Record<FrameCondition, string>> = {
  focus: '--focus',
  ignore: '--ignore',
  hide: '--hide',
  show: '--show',
  showFrom: '--show-from',
  base: '--base',
  skipAfter: '--skip-after',
};
/** Conditions that leave out all stacks without a matching frame. */
const NEEDED: ReadonlySet<FrameCondition> = new Set(['focus', 'show', 'showFrom', 'base']);

/** The result of a selection, as `--summary` reports it. */
export interface Selected extends Omit<SelectionSummary, 'unmatched'> {
  /** Messages about conditions that match no frame, most likely because of typos. */
  readonly unmatched: readonly string[];
}

/** Selects stacks, and names the command-line flags in its messages. */
export class StackChoice {
  readonly #selection: Selection;
  readonly #selector: StackSelector;

  constructor(selection: Selection) {
    this.#selection = selection;
    this.#selector = new StackSelector(selection);
  }

  select(batch: StackBatch): StackBatch {
    return this.#selector.select(batch);
  }

  /** Throws if no stack was kept. This is called before anything is written. */
  refuseNothing(): void {
    const { kept, filtered, unmatched } = this.#selector.summary();
    if (kept > 0 || filtered === 0) return;
    const missing = unmatched.find((condition) => NEEDED.has(condition));
    throw new CliError(
      Exit.DATA,
      missing === undefined
        ? `${this.#asked().join(' ')} leaves no stack`
        : `${this.#unmatched(missing)}, so no stack is left`,
    );
  }

  told(): Selected {
    const { unmatched, ...counts } = this.#selector.summary();
    return { ...counts, unmatched: unmatched.map((condition) => this.#unmatched(condition)) };
  }

  #unmatched(condition: FrameCondition): string {
    const wanted = this.#selection[condition];
    return wanted instanceof RegExp
      ? `no frame matches ${wanted.source} (${FLAGS[condition]})`
      : `no frame is named ${wanted!.join(' or ')} (${FLAGS[condition]})`;
  }

  /** Returns the flags with their values, such as `--focus foo --base a --base b`. */
  #asked(): readonly string[] {
    return (Object.keys(FLAGS) as FrameCondition[]).flatMap((condition) => {
      const wanted = this.#selection[condition];
      const values = wanted instanceof RegExp ? [wanted.source] : (wanted ?? []);
      return values.map((value) => `${FLAGS[condition]} ${value}`);
    });
  }
}
