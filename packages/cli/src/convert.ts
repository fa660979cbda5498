import { pipeline } from 'node:stream/promises';
import type { FolderSummary } from '@stapflame/folder';
import { StackSelector, type Facts, type Selection, type StackBatch } from '@stapflame/stacks';
import type { Demangler } from '@stapflame/symbols';
import type { CommonOptions } from './commands/context.ts';
import { demanglerOptions, type NameFlags } from './commands/name-options.ts';
import { folderOptions, type FoldFlags } from './commands/trace-options.ts';
import type { InputTold, ReadableKind, StackInput } from './inputs/input.ts';
import { openByContent, type KindFlags } from './inputs/open.ts';
import type { Input } from './io/inputs.ts';
import type { Output } from './io/output.ts';
import { withOutput } from './io/with-output.ts';
import type { OutputKind, OutputTold, StackOutput } from './outputs/output.ts';
import { withProgress } from './progress.ts';
import { summaryOf, type Summary } from './summary.ts';
import type { NamesTold, Naming } from './symbols/naming.ts';

/** What is done with the stacks between input and output. */
export interface Treatment {
  /** Finds names that the input lacks. @defaultValue nothing does */
  readonly naming?: Naming;
  /** What is kept of each stack. @defaultValue all of it */
  readonly selection?: Selection;
  /** Equal stacks are merged and sorted; else they stay in the order of the input. */
  readonly merges: boolean;
}

/** Reads files of one of these kinds and writes them as another. */
export async function convert<InputFlags, OutputFlags>(
  files: readonly string[],
  flags: CommonOptions & KindFlags & NameFlags & FoldFlags & InputFlags & OutputFlags,
  kinds: readonly ReadableKind<InputFlags>[],
  to: OutputKind<OutputFlags>,
  treatment: Treatment,
): Promise<Summary> {
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

/** Reads files of one of these kinds under a progress bar, and hands their stacks to `use`. */
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
  const told = (): InputTold => input?.told() ?? {};
  let written: Written = { facts: {} };
  await withProgress(flags, files, { inputs, told }, async () => {
    written = await use(batches(), inputs);
  });
  return summaryOf(told(), inputs, written);
}

/** What became of the stacks. */
export interface Written extends OutputTold {
  /** What is known of them in the end. */
  readonly facts: Facts;
  /** What was merged; absent where nothing was. */
  readonly folded?: FolderSummary;
  /** Names made to take much time did so too often: those that came later stay mangled. */
  readonly namesGivenUp?: boolean;
  /** What names were looked up; absent where none were. */
  readonly names?: NamesTold;
}

/** Treats the stacks and writes them to the file. */
export async function write(
  batches: AsyncIterable<StackBatch>,
  inputs: readonly Input[],
  { selection, merges, naming }: Treatment,
  flags: NameFlags & FoldFlags,
  output: StackOutput,
  file: Output,
): Promise<Written> {
  const demangler = await demanglerFor(flags);
  const selector = selection && new StackSelector(underNames(selection, demangler));
  let facts: Facts = {};
  const treated = async function* (given: AsyncIterable<StackBatch>): AsyncGenerator<StackBatch> {
    for await (const batch of withLosses(given, inputs)) {
      ({ facts } = batch);
      const found = (await naming?.lookUp(batch)) ?? batch;
      const named = demangler?.demangle(found) ?? found;
      yield selector?.select(named) ?? named;
    }
  };
  const folder = merges ? (await import('@stapflame/folder')).createFolder(folderOptions(flags)) : undefined;
  const last = (stacks: AsyncIterable<StackBatch>): Promise<void> => output.write(stacks, file);
  await (folder ? pipeline(treated(batches), folder, last) : pipeline(treated(batches), last));
  return {
    facts,
    ...(folder && { folded: folder.summary }),
    ...(demangler?.gaveUp === true && { namesGivenUp: true }),
    ...(naming && { names: naming.told() }),
    ...output.told?.(),
  };
}

async function demanglerFor(flags: NameFlags): Promise<Demangler | undefined> {
  const options = demanglerOptions(flags);
  if (!options) return undefined;
  const { compileDemangler, Demangler } = await import('@stapflame/symbols');
  return new Demangler(compileDemangler, options);
}

/** Stacks are chosen by the names that they have by then. */
function underNames(selection: Selection, demangler: Demangler | undefined): Selection {
  const { base } = selection;
  return base && demangler ? { ...selection, base: base.map((label) => demangler.label(label)) } : selection;
}

/** An input that ended before its time is truncated, wherever that shows: the last batch says so. */
async function* withLosses(
  batches: AsyncIterable<StackBatch>,
  inputs: readonly Input[],
): AsyncGenerator<StackBatch> {
  let last: StackBatch | undefined;
  for await (const batch of batches) {
    last = batch;
    yield batch;
  }
  if (!last || last.facts.losses?.truncated !== undefined) return; // said already
  if (inputs.every(({ brokenOff }) => brokenOff === undefined)) return;
  const { StackBuilder } = await import('@stapflame/stacks');
  yield new StackBuilder().take(last.table, {
    ...last.facts,
    losses: { ...last.facts.losses, truncated: 1 },
  });
}
