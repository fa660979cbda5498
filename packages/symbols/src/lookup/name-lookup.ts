import {
  faultOf,
  frameLabel,
  StackBatch,
  StackBuilder,
  type Facts,
  type Frame,
  type FrameTable,
  type StackColumns,
} from '@stapflame/stacks';
import { SymbolsError } from '../errors.ts';
import type { KnownCode } from '../saved/known-code.ts';
import { FoundLabels } from './found-labels.ts';
import type { CodePlace, FoundFunctions, PlaceLookup } from './found.ts';
import { LookedUpFrames } from './looked-up-frames.ts';
import { resolveLookupOptions, type LookupOptions, type ResolvedLookupOptions } from './options.ts';
import { isQuestion, questionOf, type Question } from './questions.ts';
import { WaitingStacks } from './waiting-stacks.ts';

/**
 * Maximum number of functions inlined into each other at one location. If there are more, the innermost are left out.
 */
const MOST_INLINED = 64;

/** The two kinds of instructions that a frame's address can point to: one that ran, and one that follows a call. */
const RAN = 0;
const CALLS = 1;

/** The answer for an unchanged frame. */
const STAYS: readonly number[] = [];

/** How many frames were looked up, and how many were named. */
export interface LookupSummary {
  /**
   * Number of distinct frames: unnamed ones whose code can be located, and named ones for which a better name was
   * found.
   */
  readonly asked: number;
  /** Number of frames for which a name was found. */
  readonly found: number;
}

/**
 * Finds names for unnamed frames. Returns the same stacks, possibly with added frames for inlined functions. Each
 * distinct frame is looked up once. This class itself uses no files or processes; only the given `lookup` may use them.
 */
export class NameLookup {
  readonly #code: KnownCode;
  readonly #lookup: PlaceLookup;
  readonly #options: ResolvedLookupOptions;
  readonly #labels: FoundLabels;
  readonly #builder = new StackBuilder();
  readonly #waiting = new WaitingStacks();
  /** Keys of the frames to look up, see {@link keyOf}: a frame and the kind of instruction at its address. */
  readonly #open = new Set<number>();
  #source: FrameTable | undefined;
  #table: LookedUpFrames | undefined;
  /** For each key, the frames that replace its frame, leaf first. */
  #answers: (readonly number[] | undefined)[] = [];
  /** Numbers of frames that lost the name of an exported function because their code is beyond that function's end. */
  readonly #unnamed = new Set<number>();
  #stack = new Uint32Array(256);
  #asked = 0;
  #found = 0;
  /** Weight so far of the stacks whose leaf lost the name of an exported function. */
  #exportedOnly = 0;

  constructor(code: KnownCode, lookup: PlaceLookup, options: LookupOptions = {}) {
    this.#code = code;
    this.#lookup = lookup;
    this.#options = resolveLookupOptions(options);
    this.#labels = new FoundLabels(this.#options.label);
  }

  get summary(): LookupSummary {
    return { asked: this.#asked, found: this.#found };
  }

  /**
   * Returns the stacks in the same order, with the names that were found, and releases the given batches. Stacks wait
   * until many frames can be looked up together, in address order, which makes a symboliser a fifth faster.
   */
  async *lookUp(batches: AsyncIterable<StackBatch> | Iterable<StackBatch>): AsyncGenerator<StackBatch> {
    for await (const batch of batches) {
      const fault = faultOf(batch);
      if (fault !== undefined) throw new SymbolsError('INVALID_STACKS', fault);
      if (batch.table !== this.#source) {
        yield* this.#named();
        this.#source = batch.table;
        this.#table = undefined;
        this.#answers = [];
        this.#unnamed.clear();
      }
      this.#collectQuestions(batch);
      if (this.#open.size === 0 && !this.#table) {
        yield this.#exportedOnly === 0
          ? batch
          : new StackBatch({ ...columnsOf(batch), facts: this.#facts(batch) });
        continue;
      }
      this.#waiting.add(batch);
      if (this.#open.size === 0 || this.#waiting.isFull(this.#open.size)) yield* this.#named();
    }
    yield* this.#named();
  }

  /** Looks up the collected frames, and returns the waiting stacks. */
  async *#named(): AsyncGenerator<StackBatch> {
    const source = this.#source;
    if (!source || this.#waiting.size === 0) return;
    const table = (this.#table ??= new LookedUpFrames(source, this.#options.frames));
    await this.#answer(source, table);
    for (const batch of this.#waiting.take()) yield this.#rebuilt(batch, table);
  }

  /** Collects the frames that have not been looked up yet and may get a name. */
  #collectQuestions({ table, frames, bounds, length }: StackBatch): void {
    for (let i = 0; i < length; i++) {
      for (let at = bounds[i]!; at < bounds[i + 1]!; at++) {
        const key = keyOf(table, frames, bounds[i]!, at);
        if (this.#answers[key] !== undefined) continue;
        if (isQuestion(table.frame(key >>> 1))) this.#open.add(key);
        else this.#answers[key] = STAYS;
      }
    }
  }

  async #answer(source: FrameTable, table: LookedUpFrames): Promise<void> {
    const places: CodePlace[] = [];
    const questions = Array.from(this.#open, (key) => {
      const question = questionOf(source.frame(key >>> 1), (key & 1) as 0 | 1, this.#code);
      if (question && 'offset' in question) places.push(question);
      return { key, question };
    });
    this.#open.clear();
    const found = places.length === 0 ? [] : await this.#lookup(places);
    let next = 0;
    for (const { key, question } of questions) {
      const isPlace = question !== undefined && 'offset' in question;
      this.#answers[key] = this.#answerTo(key, question, isPlace ? found[next++] : undefined, source, table);
    }
  }

  /** @param found the functions at the location looked up for this question */
  #answerTo(
    key: number,
    question: Question,
    found: FoundFunctions | undefined,
    source: FrameTable,
    table: LookedUpFrames,
  ): readonly number[] {
    const sourceId = key >>> 1;
    const frame = source.frame(sourceId);
    if (!found && this.#isBeyondItsName(frame, key & 1)) return [this.#addUnnamed(frame, table)];
    if (!question) return STAYS;
    const functions = 'name' in question ? [{ symbol: question.name }] : found;
    if (functions || frame.symbol === undefined) this.#asked++;
    if (functions) {
      this.#found++;
      return this.#added(sourceId, frame.kernel, question, functions, table);
    }
    if ('name' in question || frame.module !== undefined) return STAYS;
    // only the module was found
    const { module, offset } = question;
    const label = frameLabel({ ...frame, module }, frame.kernel, this.#options.label);
    return [table.add({ ...frame, label, module, offset })];
  }

  /** Whether the frame has the name of an exported function that ends before the frame's code. */
  #isBeyondItsName({ symbol, module, offset, kernel }: Frame, back: number): boolean {
    if (symbol === undefined || module === undefined || offset === undefined || kernel === true) return false;
    return this.#code.isBeyondExported(module, symbol, offset - back);
  }

  /** Adds the frame without its wrong name, so that it shows only its module. */
  #addUnnamed(frame: Frame, table: LookedUpFrames): number {
    const { symbol: _, offset: __, ...known } = frame;
    const label = frameLabel(known, known.kernel, this.#options.label);
    const id = table.add({ ...known, label, exportedOnly: true });
    this.#unnamed.add(id);
    return id;
  }

  #added(
    sourceId: number,
    kernel: boolean | undefined,
    question: NonNullable<Question>,
    functions: FoundFunctions,
    table: LookedUpFrames,
  ): readonly number[] {
    const module = 'module' in question ? question.module : undefined;
    const mark = 'jit' in question && question.jit ? 'jit' : undefined;
    const shown = functions.slice(this.#options.inlines ? -MOST_INLINED : -1);
    return shown.map((found, i) => {
      const { symbol } = found;
      return i === shown.length - 1
        ? table.addFound({
            label: this.#labels.ofFunction(symbol, module, kernel),
            sourceId,
            found,
            module,
            mark,
          })
        : table.addFound({
            label: this.#labels.ofInlined(symbol, module),
            sourceId,
            found,
            module,
            mark: 'inlined',
          });
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
      if (this.#unnamed.has(this.#stack[0]!)) this.#exportedOnly += weights.at(-1)![i]!;
      this.#builder.add(this.#stack, 0, size, weights[0]![i]!, weights.at(-1)![i]!);
    }
    const { order, ...facts } = this.#facts(batch);
    batch.release();
    // stacks that were sorted by the old names may not be sorted by the new names
    return this.#builder.take(table, { ...facts, ...(order === 'time' && { order }) });
  }

  /** Returns the facts about the stacks, including the weight of frames that lost a name. */
  #facts({ facts }: StackBatch): Facts {
    if (this.#exportedOnly === 0) return facts;
    return { ...facts, exportedOnly: (facts.exportedOnly ?? 0) + this.#exportedOnly };
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

function columnsOf(batch: StackBatch): StackColumns {
  const { table, frames, bounds, weights } = batch;
  return { table, frames, bounds, weights, release: () => batch.release() };
}

/** Combines a frame and the kind of instruction at its address into one number. */
function keyOf(table: FrameTable, frames: Uint32Array, leaf: number, at: number): number {
  const id = frames[at]!;
  return id * 2 + (at === leaf || entersKernel(table, frames[at - 1]!, id) ? RAN : CALLS);
}

/**
 * Whether the caller is user code that was interrupted or called the kernel. Its address then points to an instruction
 * that ran.
 */
function entersKernel(table: FrameTable, callee: number, caller: number): boolean {
  return table.frame(callee).kernel === true && table.frame(caller).kernel !== true;
}
