import {
  faultOf,
  frameLabel,
  StackBuilder,
  type Frame,
  type FrameTable,
  type StackBatch,
} from '@stapflame/stacks';
import { SymbolsError } from '../errors.ts';
import type { KnownCode } from '../saved/known-code.ts';
import type { CodePlace, FoundFunctions, PlaceLookup } from './found.ts';
import { LookedUpFrames } from './looked-up-frames.ts';
import { resolveLookupOptions, type LookupOptions, type ResolvedLookupOptions } from './options.ts';
import { isQuestion, questionOf, type Question } from './questions.ts';

/** Functions that are inlined into each other at one place; of more, the innermost are left out. */
const MOST_INLINED = 64;

/** At the end of a label: pictures show it by colour, as those of async-profiler and perf's folders do. */
const INLINED = '_[i]';

/** Where the frame stands: its address is that of an instruction that ran, or of the one after a call. */
const RAN = 0;
const CALLS = 1;

/** The answer for a frame that has no question. */
const STAYS: readonly number[] = [];

/** What came of the lookup. */
export interface LookupSummary {
  /** Distinct frames without a name of which it is known where their code lies, or for which a better one was found. */
  readonly asked: number;
  /** Those for which a name was found. */
  readonly found: number;
}

/**
 * Finds names for frames that have none: stacks in, the same stacks out, in which functions that were inlined may have
 * become frames of their own. Each distinct frame is looked up once. It knows no file and no process: `lookup` does.
 */
export class NameLookup {
  readonly #code: KnownCode;
  readonly #lookup: PlaceLookup;
  readonly #options: ResolvedLookupOptions;
  readonly #builder = new StackBuilder();
  #source: FrameTable | undefined;
  #table: LookedUpFrames | undefined;
  /** By number in the source and where it stands: the frames that take its place, leaf first. */
  #answers: (readonly number[] | undefined)[] = [];
  #stack = new Uint32Array(256);
  #asked = 0;
  #found = 0;

  constructor(code: KnownCode, lookup: PlaceLookup, options: LookupOptions = {}) {
    this.#code = code;
    this.#lookup = lookup;
    this.#options = resolveLookupOptions(options);
  }

  get summary(): LookupSummary {
    return { asked: this.#asked, found: this.#found };
  }

  /** The stacks with the names that were found. One call at a time; the given stacks are released. */
  async lookUp(batch: StackBatch): Promise<StackBatch> {
    const fault = faultOf(batch);
    if (fault !== undefined) throw new SymbolsError('INVALID_STACKS', fault);
    if (batch.table !== this.#source) {
      this.#source = batch.table;
      this.#table = undefined;
      this.#answers = [];
    }
    const open = this.#openQuestions(batch);
    if (open.size === 0 && !this.#table) return batch;
    this.#table ??= new LookedUpFrames(batch.table);
    await this.#answer(open, batch.table, this.#table);
    return this.#rebuilt(batch, this.#table);
  }

  /** The frames of the batch that were not looked at before and may get a name. */
  #openQuestions({ table, frames, bounds, length }: StackBatch): Set<number> {
    const open = new Set<number>();
    for (let i = 0; i < length; i++) {
      for (let at = bounds[i]!; at < bounds[i + 1]!; at++) {
        const key = keyOf(table, frames, bounds[i]!, at);
        if (this.#answers[key] !== undefined) continue;
        if (isQuestion(table.frame(key >>> 1))) open.add(key);
        else this.#answers[key] = STAYS;
      }
    }
    return open;
  }

  async #answer(keys: ReadonlySet<number>, source: FrameTable, table: LookedUpFrames): Promise<void> {
    const places: CodePlace[] = [];
    const asked: { key: number; question: Question }[] = [];
    for (const key of keys) {
      const question = questionOf(source.frame(key >>> 1), (key & 1) as 0 | 1, this.#code);
      asked.push({ key, question });
      if (question && 'offset' in question) places.push(question);
    }
    const found = places.length === 0 ? [] : await this.#lookup(places);
    let next = 0;
    for (const { key, question } of asked) {
      const frame = source.frame(key >>> 1);
      const isPlace = question !== undefined && 'offset' in question;
      const functions = isPlace ? found[next++] : named(question);
      if (functions || (question && frame.symbol === undefined)) this.#asked++;
      if (functions) this.#found++;
      const isJit = question !== undefined && 'jit' in question && question.jit;
      const module = isPlace ? question.module : undefined;
      if (functions) this.#answers[key] = this.#added(frame, functions, table, { module, isJit });
      else if (isPlace && frame.module === undefined)
        this.#answers[key] = [this.#placed(frame, question, table)];
      else this.#answers[key] = STAYS;
    }
  }

  /** Of an address without a name it is known at least in which module it is. */
  #placed(frame: Frame, { module, offset }: CodePlace, table: LookedUpFrames): number {
    const label = frameLabel({ ...frame, module }, frame.kernel, this.#options.label);
    return table.add({ ...frame, label, module, offset });
  }

  #added(
    source: Frame,
    functions: FoundFunctions,
    table: LookedUpFrames,
    { module, isJit }: { readonly module: string | undefined; readonly isJit: boolean },
  ): readonly number[] {
    const { inlines, label } = this.#options;
    const shown = functions.slice(inlines ? -MOST_INLINED : -1);
    // how far into the function it is, nobody says
    const { label: _, symbol: __, offset: ___, ...known } = source;
    return shown.map(({ symbol, ...place }, i) => {
      const named = Object.assign({ symbol }, known, module !== undefined && { module }, place);
      return table.add(
        Object.assign(
          { label: frameLabel(named, source.kernel, label) },
          named,
          i < shown.length - 1 && { label: `${frameLabel(named, false, label)}${INLINED}`, inlined: true },
          isJit && { jit: true },
        ),
      );
    });
  }

  #rebuilt(batch: StackBatch, table: LookedUpFrames): StackBatch {
    const { table: source, frames, bounds, weights, length } = batch;
    this.#builder.weightColumns = weights.length === 2 ? 2 : 1;
    for (let i = 0; i < length; i++) {
      let size = 0;
      for (let at = bounds[i]!; at < bounds[i + 1]!; at++) {
        const key = keyOf(source, frames, bounds[i]!, at);
        const answer = this.#answers[key]!;
        if (answer === STAYS) size = this.#put(table.keep(key >>> 1), size);
        else for (const id of answer) size = this.#put(id, size);
      }
      this.#builder.add(this.#stack, 0, size, weights[0]![i]!, weights.at(-1)![i]!);
    }
    const { order, ...facts } = batch.facts;
    batch.release();
    // stacks that were sorted by the names they had no longer are
    return this.#builder.take(table, { ...facts, ...(order === 'time' && { order }) });
  }

  #put(id: number, at: number): number {
    if (at === this.#stack.length) {
      const larger = new Uint32Array(at * 2);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    this.#stack[at] = id;
    return at + 1;
  }
}

/** A frame and where it stands in its stack, in one number. */
function keyOf(table: FrameTable, frames: Uint32Array, leaf: number, at: number): number {
  const id = frames[at]!;
  return id * 2 + (at === leaf || entersKernel(table, frames[at - 1]!, id) ? RAN : CALLS);
}

/** User code that was interrupted, or called the kernel: what ran is what its address says. */
function entersKernel(table: FrameTable, callee: number, caller: number): boolean {
  return table.frame(callee).kernel === true && table.frame(caller).kernel !== true;
}

function named(question: Question): FoundFunctions | undefined {
  return question && 'name' in question ? [{ symbol: question.name }] : undefined;
}
