import { onSide, type Side } from '@stapflame/diff';
import { combineFacts, SAMPLES, StackBatch, StacksError, WeightSum, type Facts } from '@stapflame/stacks';
import type { Demangler } from '@stapflame/symbols';
import { CliError, Exit } from '../exit.ts';
import type { InputTold, StackInput } from '../inputs/input.ts';
import { openByContent, type KindFlags } from '../inputs/open.ts';
import { STACKS } from '../inputs/table.ts';
import type { Input } from '../io/inputs.ts';
import { summaryOf, type Summary } from '../summary.ts';
import type { TraceFlags } from '../commands/trace-options.ts';
import { HexStripper } from './strip-hex.ts';

/** Reads one profile's files, one after the other. */
export class SideFiles {
  readonly side: Side;
  readonly files: readonly string[];
  readonly #inputs: Input[];
  facts: Facts = {};
  #input: StackInput | undefined;
  #stacks = 0;
  readonly #weight = new WeightSum();

  /** @param inputs every opened file is added to this list */
  constructor(side: Side, files: readonly string[], inputs: Input[]) {
    this.#inputs = inputs;
    this.side = side;
    this.files = files;
  }

  told(): InputTold {
    return this.#input?.told() ?? {};
  }

  /** Returns what was read of this profile. Inputs that ended early are reported for both profiles together. */
  summary(): Summary {
    return summaryOf(this.told(), [], {
      facts: this.facts,
      passed: { stacks: this.#stacks, weight: this.#weight.value },
    });
  }

  /** Yields this profile's stacks, with weights in two columns and with the names to compare. */
  async *batches(
    flags: KindFlags & TraceFlags & { readonly stripHex?: boolean },
    demangler: Demangler | undefined,
  ): AsyncGenerator<StackBatch> {
    const stripper = flags.stripHex === true ? new HexStripper() : undefined;
    this.#input = await openByContent(this.files, flags, STACKS, this.#inputs);
    for await (const batch of this.#input.batches as AsyncIterable<StackBatch>) {
      this.facts = batch.facts;
      this.#stacks += batch.length;
      this.#weight.addAll(batch.weights.at(-1)!);
      const named = demangler?.demangle(batch) ?? batch;
      yield onSide(stripper?.strip(named) ?? named, this.side);
    }
  }
}

/** Returns the facts that both profiles share. Throws if the profiles count different things. */
export function factsOfBoth(before: SideFiles, after: SideFiles): Facts {
  try {
    return combineFacts(before.facts, after.facts);
  } catch (error) {
    if (!(error instanceof StacksError)) throw error;
    const { unit = SAMPLES } = before.facts;
    const { unit: other = SAMPLES } = after.facts;
    throw new CliError(
      Exit.DATA,
      `profiles that count different things cannot be compared: ${unit} (before: ${before.files.join(', ')}), ${other} (after: ${after.files.join(', ')})`,
      error,
    );
  }
}
