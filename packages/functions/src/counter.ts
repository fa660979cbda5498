import { compareNames, faultOf, ShareSums, type Share, type StackBatch, type Whole } from '@stapflame/stacks';
import { Edges, type Edge, type Side } from './edges.ts';
import { FunctionsError } from './errors.ts';
import { Names } from './names.ts';
import { resolveOptions, type FunctionOptions, type ResolvedFunctionOptions } from './options.ts';

/** A function and its weights. */
export interface FunctionRow {
  readonly name: string;
  /** The function's module; absent if the module is not known. */
  readonly module?: string;
  /** Weight of the stacks where the function is the leaf. */
  readonly self: Share;
  /** Weight of the stacks that contain the function. Each stack counts once, even if the function is recursive. */
  readonly total: Share;
  /** The function's callers; present only if the options select functions by name. */
  readonly callers?: Calls;
  /** The function's callees; present only if the options select functions by name. */
  readonly callees?: Calls;
}

/** A function's callers or callees. */
export interface Calls {
  /** Total number of callers or callees. */
  readonly names: number;
  /** The heaviest callers or callees, as many as requested. */
  readonly edges: readonly Edge[];
}

/** A table of functions. */
export interface FunctionTable extends Whole {
  /** The weight that rows are sorted by. */
  readonly sort: 'self' | 'total';
  /** Total number of functions or, if the options select functions by name, of those whose name matches. */
  readonly names: number;
  /** The heaviest functions, as many as requested. */
  readonly rows: readonly FunctionRow[];
}

const [SELF, TOTAL, STACK, FIELDS] = [0, 1, 2, 3];

/**
 * Builds a table of functions from batches of stacks, which may arrive in any order. Functions are distinguished by
 * name. Memory use depends only on the number of names.
 */
export class FunctionCounter {
  readonly #options: ResolvedFunctionOptions;
  readonly #names: Names;
  readonly #edges: Edges | undefined;
  readonly #sums = new ShareSums();
  #stacks = 0;
  /** For each name, its self weight, its total weight, and the number (from 1) of the last stack that contained it. */
  #counts = new Float64Array(0);

  constructor(options: FunctionOptions = {}) {
    this.#options = resolveOptions(options);
    this.#names = new Names(this.#options.maxNames);
    this.#edges = this.#options.names && new Edges(this.#options.names, this.#names);
  }

  /** Adds the stacks of a batch and releases it. */
  push(batch: StackBatch): void {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new FunctionsError('INVALID_STACKS', fault);
    const weights = this.#sums.add(batch);
    this.#names.use(batch.table);
    this.#reserve((this.#names.labels.length + batch.table.size) * FIELDS);
    const { frames, bounds } = batch;
    for (let i = 0; i < batch.length; i++) this.#count(frames, bounds[i]!, bounds[i + 1]!, weights[i]!);
    batch.release();
  }

  #count(frames: Uint32Array, from: number, to: number, weight: number): void {
    const counts = this.#counts;
    const stack = ++this.#stacks;
    let callee = this.#names.of(frames[from]!);
    counts[callee * FIELDS + SELF]! += weight;
    for (let i = from; i < to; i++) {
      const name = this.#names.of(frames[i]!);
      const at = name * FIELDS;
      if (counts[at + STACK] !== stack) {
        counts[at + STACK] = stack;
        counts[at + TOTAL]! += weight;
      }
      if (name !== callee) this.#edges?.add(name, callee, weight, stack);
      callee = name;
    }
  }

  #reserve(fields: number): void {
    if (fields <= this.#counts.length) return;
    const larger = new Float64Array(fields * 2);
    larger.set(this.#counts);
    this.#counts = larger;
  }

  /** Returns the most expensive functions or, if the option `names` is set, only those whose name matches. */
  table(): FunctionTable {
    if (this.#stacks === 0)
      throw new FunctionsError('EMPTY_INPUT', 'expected at least one stack, found none');
    const { sort, limit } = this.#options;
    const { labels } = this.#names;
    const count = (name: number, field: number): number => this.#counts[name * FIELDS + field]!;
    const [first, second] = sort === 'self' ? [SELF, TOTAL] : [TOTAL, SELF];
    const names = [...labels.keys()].filter(
      (name) => count(name, STACK) > 0 && this.#edges?.looksAt(name) !== false,
    );
    if (names.length === 0)
      throw new FunctionsError('EMPTY_INPUT', `no name matches ${this.#options.names?.source}`);
    names.sort(
      (a, b) =>
        count(b, first) - count(a, first) ||
        count(b, second) - count(a, second) ||
        compareNames(labels[a]!, labels[b]!),
    );
    const rows = names.slice(0, limit || Infinity).map((name) => this.#row(name));
    return { ...this.#sums.whole(), sort, names: names.length, rows };
  }

  #row(name: number): FunctionRow {
    const module = this.#names.modules[name];
    const self = this.#counts[name * FIELDS + SELF]!;
    const total = this.#counts[name * FIELDS + TOTAL]!;
    const calls = (side: Side): Calls => {
      const edges = this.#edges!.of(name, side, total, this.#sums);
      return { names: edges.length, edges: edges.slice(0, this.#options.limit || Infinity) };
    };
    return {
      name: this.#names.labels[name]!,
      ...(module !== undefined && { module }),
      self: this.#sums.share(self),
      total: this.#sums.share(total),
      ...(this.#edges && { callers: calls('callers'), callees: calls('callees') }),
    };
  }
}
