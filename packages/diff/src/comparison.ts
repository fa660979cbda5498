import {
  EXACT_MAX,
  faultOf,
  SAMPLES,
  wilson,
  type Facts,
  type Interval,
  type StackBatch,
} from '@stapflame/stacks';
import { DiffError } from './errors.ts';
import { significantOf, type FamilyTest } from './family.ts';
import { Column, FunctionSums } from './function-sums.ts';
import { countInterval, differenceInterval, intervalReach } from './interval.ts';
import { resolveOptions, type CompareOptions, type ResolvedCompareOptions } from './options.ts';
import { leastPValue, pValue, splitByTime, splitByTotals, type Split } from './test-of-counts.ts';

/** One weight of a function, before and after. */
export interface Difference {
  readonly before: number;
  readonly after: number;
  /** `before` as a percentage of the total 'before' weight. */
  readonly percentBefore: number;
  /**
   * `after` as a percentage of the total 'after' weight or, if weights are compared by time, of the total 'before'
   * weight.
   */
  readonly percentAfter: number;
  /** The difference in percentage points: `percentAfter` − `percentBefore`. */
  readonly points: number;
  /** Confidence interval for `points`; `undefined` if the weights are not sample counts. */
  readonly interval: Interval | undefined;
  readonly p: number | undefined;
  /** Whether the difference is significant; `undefined` if the weights are not sample counts. */
  readonly isSignificant: boolean | undefined;
}

/** The comparison for one function. */
export interface FunctionRow {
  readonly label: string;
  /** Weight of the stacks where the function is the leaf. */
  readonly self: Difference;
  /** Weight of the stacks that contain the function. */
  readonly total: Difference;
}

export interface Comparison {
  readonly before: number;
  readonly after: number;
  /** One row for each function, sorted by significance (significant rows first), then by difference (largest first). */
  readonly rows: readonly FunctionRow[];
  /** Number of differences that were tested together: the self and the total weight of each function. */
  readonly tests: number;
  /** Why differences were not tested; `undefined` if they were. */
  readonly untested: string | undefined;
}

interface Tested extends FamilyTest {
  readonly row: number;
  readonly self: boolean;
}

/** Compares stacks with two weights, function by function. Stacks may arrive in any order and may be repeated. */
export class StackComparison {
  #options: ResolvedCompareOptions = resolveOptions({});
  readonly #sums = new FunctionSums();
  #facts: Facts = {};

  /** Adds a batch's stacks without releasing it. */
  push(batch: StackBatch): void {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new DiffError('INVALID_STACKS', fault);
    this.#facts = batch.facts;
    this.#sums.push(batch);
  }

  /** Compares the stacks added so far. */
  finish(options: CompareOptions = {}): Comparison {
    this.#options = resolveOptions(options);
    const { labels, totals } = this.#sums;
    const untested = this.#whyUntested();
    const tests = untested === undefined ? this.#tests() : [];
    const significant = new Set(
      [...significantOf(tests, this.#options.significance)].map(({ row, self }) => key(row, self)),
    );
    const ps = new Map(tests.map(({ row, self, p }) => [key(row, self), p]));
    const z = untested === undefined ? intervalReach(this.#options.significance) : undefined;
    const differenceOf = (row: number, self: boolean): Difference => {
      const [before, after] = this.#weights(row, self);
      // A function that calls nothing has equal self and total weights, so only its self weight was tested.
      const tested = ps.has(key(row, self)) ? key(row, self) : key(row, true);
      return {
        ...this.#percents(before, after, z),
        p: ps.get(tested),
        isSignificant: untested === undefined ? significant.has(tested) : undefined,
      };
    };
    const rows = labels.map((label, row) => ({
      label,
      self: differenceOf(row, true),
      total: differenceOf(row, false),
    }));
    rows.sort((a, b) => rank(b) - rank(a) || largest(b) - largest(a) || (a.label < b.label ? -1 : 1));
    return { before: totals[0], after: totals[1], rows, tests: tests.length, untested };
  }

  #weights(row: number, self: boolean): readonly [number, number] {
    const [before, after] = self
      ? [Column.SELF_BEFORE, Column.SELF_AFTER]
      : [Column.TOTAL_BEFORE, Column.TOTAL_AFTER];
    return [this.#sums.sum(row, before), this.#sums.sum(row, after)];
  }

  /** Returns why differences cannot be tested. The tests need independent samples, so weights must be sample counts. */
  #whyUntested(): string | undefined {
    const { unit = SAMPLES, inexact } = this.#facts;
    const [before, after] = this.#sums.totals;
    if (unit !== SAMPLES) return `weights are ${unit}, not sample counts`;
    if (!this.#sums.areWhole)
      return 'some weights have decimals, so they were scaled and are not sample counts';
    if (inexact === true || before + after > EXACT_MAX) return 'the sums are rounded';
    return before === 0 || after === 0 ? 'one side has no samples' : undefined;
  }

  #split(): Split {
    return this.#options.exposures
      ? splitByTime(...this.#options.exposures)
      : splitByTotals(...this.#sums.totals);
  }

  #tests(): readonly Tested[] {
    const split = this.#split();
    return this.#sums.labels.flatMap((_, row) => {
      const [selfBefore, selfAfter] = this.#weights(row, true);
      const [before, after] = this.#weights(row, false);
      const test = (self: boolean, one: number, other: number): Tested[] =>
        one + other > 0
          ? [{ row, self, p: pValue(split, one, other), least: leastPValue(split, one + other) }]
          : [];
      const isLeaf = selfBefore === before && selfAfter === after;
      return [...test(true, selfBefore, selfAfter), ...(isLeaf ? [] : test(false, before, after))];
    });
  }

  #percents(
    before: number,
    after: number,
    z: number | undefined,
  ): Pick<Difference, 'before' | 'after' | 'percentBefore' | 'percentAfter' | 'points' | 'interval'> {
    const { exposures } = this.#options;
    const [totalBefore, totalAfter] = this.#sums.totals;
    const unitBefore = 100 / (totalBefore || 1);
    const unitAfter = exposures ? (unitBefore * exposures[0]) / exposures[1] : 100 / (totalAfter || 1);
    const percentBefore = before * unitBefore;
    const percentAfter = after * unitAfter;
    const scaled = (count: number, total: number, unit: number): Interval => {
      const [low, high] = exposures ? countInterval(count, z!) : wilson(count, total, z!);
      const factor = exposures ? unit : 100;
      return [low * factor, high * factor];
    };
    return {
      before,
      after,
      percentBefore,
      percentAfter,
      points: percentAfter - percentBefore,
      interval:
        z === undefined
          ? undefined
          : differenceInterval(
              percentBefore,
              scaled(before, totalBefore, unitBefore),
              percentAfter,
              scaled(after, totalAfter, unitAfter),
            ),
    };
  }
}

function key(row: number, self: boolean): number {
  return row * 2 + (self ? 0 : 1);
}

function rank({ self, total }: FunctionRow): number {
  return self.isSignificant === true || total.isSignificant === true ? 1 : 0;
}

/** Returns the larger of a function's two differences in percentage points. */
function largest({ self, total }: FunctionRow): number {
  return Math.max(Math.abs(self.points), Math.abs(total.points));
}
