import { pipeline } from 'node:stream/promises';
import type { FolderSummary } from '@stapflame/folder';
import {
  FrameList,
  StackBuilder,
  WeightSum,
  type Facts,
  type FrameTable,
  type Selection,
  type StackBatch,
} from '@stapflame/stacks';
import type { Demangler } from '@stapflame/symbols';
import type { CommonOptions } from './commands/context.ts';
import { demanglerOptions, type NameFlags } from './commands/name-options.ts';
import { folderOptions, type FoldFlags } from './commands/trace-options.ts';
import type { InputTold, ReadableKind, StackInput } from './inputs/input.ts';
import { openByContent, type KindFlags } from './inputs/open.ts';
import type { Input } from './io/inputs.ts';
import type { Output } from './io/output.ts';
import { freeMemory } from './io/small-heap.ts';
import { withOutput } from './io/with-output.ts';
import { keepFor, type OutputKind, type OutputTold, type StackOutput } from './outputs/output.ts';
import { withProgress } from './progress.ts';
import { StackChoice, type Selected } from './selected.ts';
import { summaryOf, type Summary } from './summary.ts';
import type { NamesTold, Naming } from './symbols/naming.ts';

/** The changes to make to stacks between input and output. */
export interface Treatment {
  /** Looks up names that the input lacks. @defaultValue no names are looked up */
  readonly naming?: (Pick<Naming, 'lookUp'> & Partial<Pick<Naming, 'told'>>) | undefined;
  /** Which stacks and frames to keep. @defaultValue all */
  readonly selection?: Selection | undefined;
  /** Whether equal stacks are merged and sorted. If not, stacks keep the input's order. */
  readonly merges: boolean;
  /** Called with each batch before stacks are merged. */
  readonly watch?: (batch: StackBatch) => void;
}

/** Reads files of one of the given kinds, and writes their stacks in another format. */
export async function convert<InputFlags, OutputFlags>(
  files: readonly string[],
  given: CommonOptions & KindFlags & NameFlags & FoldFlags & InputFlags & OutputFlags,
  kinds: readonly ReadableKind<InputFlags>[],
  to: OutputKind<OutputFlags>,
  treatment: Treatment,
): Promise<Summary> {
  const flags = { ...given, ...keepFor(to) };
  const output = await to.open(flags);
  const summary = await readStacks(files, flags, kinds, async (batches, inputs) => {
    let result: Written | undefined;
    await withOutput(flags.output, async (file) => {
      result = await write(batches, inputs, treatment, flags, output, file);
    });
    return result!;
  });
  await output.afterwards?.();
  return summary;
}

/** Reads files of one of the given kinds, shows a progress bar, and passes the files' stacks to `use`. */
export async function readStacks<Flags>(
  files: readonly string[],
  flags: Pick<CommonOptions, 'quiet'> & KindFlags & Flags,
  kinds: readonly ReadableKind<Flags>[],
  use: (batches: AsyncIterable<StackBatch>, inputs: readonly Input[]) => Promise<Written>,
): Promise<Summary> {
  const inputs: Input[] = [];
  let input: StackInput | undefined;
  async function* batches(): AsyncGenerator<StackBatch> {
    input = await openByContent(files, flags, kinds, inputs);
    yield* input.batches as AsyncIterable<StackBatch>;
  }
  const told = (): InputTold | undefined => input?.told();
  let written: Written = { facts: {} };
  await withProgress(flags, files, { inputs, told }, async () => {
    written = await use(batches(), inputs);
  });
  return summaryOf(told() ?? {}, inputs, written);
}

/** Totals of stacks that were not merged. */
export interface Passed {
  readonly stacks: number;
  /** The sum of the stacks' weights. If stacks have two weights, the second is used. */
  readonly weight: number;
}

/** The result of writing the stacks. */
export interface Written extends OutputTold {
  /** The last batch's facts, which apply to all stacks. */
  readonly facts: Facts;
  /** The summary of folding; absent if stacks were not merged. */
  readonly folded?: FolderSummary;
  /** Totals of the stacks that were written in the input's order; absent if stacks were merged. */
  readonly passed?: Passed;
  /** The result of the selection; absent without a selection. */
  readonly selected?: Selected;
  /** Whether demangling was stopped because too many names took too long. Later names stay mangled. */
  readonly namesGivenUp?: boolean;
  /** The result of the name lookup; absent if there was no lookup. */
  readonly names?: NamesTold;
}

/** Applies `treatment` to the stacks and writes them to the file. */
export async function write(
  batches: AsyncIterable<StackBatch>,
  inputs: readonly Input[],
  treatment: Treatment,
  flags: NameFlags & FoldFlags,
  output: StackOutput,
  file: Output,
): Promise<Written> {
  const watched = { ...treatment, watch: (batch: StackBatch) => output.watch?.(batch) };
  const written = await treat(batches, inputs, watched, flags, (stacks) => output.write(stacks, file));
  return { ...written, ...output.told?.() };
}

/** Looks up names, demangles them, selects and merges stacks, and passes the stacks to `last`. */
export async function treat(
  batches: AsyncIterable<StackBatch>,
  inputs: readonly Input[],
  { selection, merges, naming, watch }: Treatment,
  flags: NameFlags & FoldFlags,
  last: (stacks: AsyncIterable<StackBatch>) => Promise<void>,
): Promise<Written> {
  let demangler = await demanglerFor(flags);
  const choice = selection && new StackChoice(underNames(selection, demangler));
  const folder = merges ? (await import('@stapflame/folder')).createFolder(folderOptions(flags)) : undefined;
  let facts: Facts = {};
  let demangled: Pick<Written, 'namesGivenUp'> = {};
  let passed = 0;
  const weights = new WeightSum();
  const treated = async function* (given: AsyncIterable<StackBatch>): AsyncGenerator<StackBatch> {
    const whole = withLosses(given, inputs);
    let table: FrameTable | undefined;
    let isReplaced = false;
    for await (const batch of naming?.lookUp(whole) ?? whole) {
      // all stages have forgotten the old table when they ask for the second batch of the new one
      if (isReplaced) freeMemory();
      isReplaced = table !== undefined && table !== batch.table;
      ({ table } = batch);
      const named = demangler?.demangle(batch) ?? batch;
      const kept = choice?.select(named) ?? named;
      ({ facts } = kept);
      watch?.(kept);
      passed += kept.length;
      if (!folder) weights.addAll(kept.weights.at(-1)!);
      yield kept;
    }
    choice?.refuseNothing();
    if (demangler?.gaveUp === true) demangled = { namesGivenUp: true };
    demangler = undefined;
  };
  // a function of its own, because the loop above keeps its last batch until it returns
  const read = async function* (): AsyncGenerator<StackBatch> {
    yield* treated(batches);
    freeMemory();
  };
  await (folder ? pipeline(read(), folder, last) : pipeline(read(), last));
  return {
    facts,
    ...(folder ? { folded: folder.summary } : { passed: { stacks: passed, weight: weights.value } }),
    ...(choice && { selected: choice.told() }),
    ...demangled,
    ...(naming?.told && { names: naming.told() }),
  };
}

/** Returns the demangler that the flags request, or `undefined`. */
export async function demanglerFor(flags: NameFlags): Promise<Demangler | undefined> {
  const options = demanglerOptions(flags);
  if (!options) return undefined;
  const { compileDemangler, Demangler } = await import('./symbols/demangler.ts');
  return new Demangler(compileDemangler, options);
}

/** Demangles the names in a selection, so that they match the demangled frames. */
function underNames(selection: Selection, demangler: Demangler | undefined): Selection {
  if (!demangler) return selection;
  const named = (names: readonly string[]): string[] => names.map((name) => demangler.label(name));
  const { base, skipAfter } = selection;
  return {
    ...selection,
    ...(base && { base: named(base) }),
    ...(skipAfter && { skipAfter: named(skipAfter) }),
  };
}

/** Marks the last batch as truncated if an input ended early. */
async function* withLosses(
  batches: AsyncIterable<StackBatch>,
  inputs: readonly Input[],
): AsyncGenerator<StackBatch> {
  let last: StackBatch | undefined;
  for await (const batch of batches) {
    last = batch;
    yield batch;
  }
  if (!last || last.facts.losses?.truncated !== undefined) return; // already marked
  if (inputs.every(({ brokenOff }) => brokenOff === undefined)) return;
  yield new StackBuilder().take(new FrameList(), {
    ...last.facts,
    losses: { ...last.facts.losses, truncated: 1 },
  });
}
