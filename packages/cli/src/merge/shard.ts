import { combineFacts, labelOf, SAMPLES, StacksError, type Facts } from '@stapflame/stacks';
import type { Sources } from '../commands/sources.ts';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';

/** One of the files to be merged. */
export interface Shard {
  /** The name for opening it. */
  readonly file: string;
  /** Label for the root frame that its stacks get; `host` if the file itself names it. */
  readonly root: { readonly label: string } | 'host' | undefined;
}

/** The files to be merged, each with its root. */
export function shardsOf(files: readonly string[], sources: Sources): readonly Shard[] {
  if (sources.by !== 'name') {
    return files.map((file) => ({
      file,
      root: sources.by === 'none' ? undefined : sources.by === 'host' ? 'host' : { label: labelOf(file) },
    }));
  }
  if (files.length > 0) {
    throw new CliError(
      Exit.USAGE,
      `--source: ${forTerminal(files[0]!)} has no name: give it one, too (--source NAME=FILE), or use --source file`,
    );
  }
  return sources.names.map(({ name, file }) => ({ file, root: { label: labelOf(name) } }));
}

/** The root of a file's stacks, once the facts of the file are known. */
export function rootOf({ file, root }: Shard, { host }: Facts): string | undefined {
  return root === 'host' ? labelOf(host ?? file) : root?.label;
}

/** Combines the files' facts. If two files count different things, the error names both. */
export class ShardFacts {
  #facts: Facts | undefined;
  #first = '';

  /** The facts of all files added so far. */
  get facts(): Facts {
    return this.#facts ?? {};
  }

  add(file: string, facts: Facts): void {
    try {
      this.#facts = this.#facts === undefined ? facts : combineFacts(this.#facts, facts);
    } catch (error) {
      throw this.named(error, file, facts);
    }
    this.#first ||= file;
  }

  /** A reader's error, with the file's name. */
  named(error: unknown, file: string, { unit = SAMPLES }: Facts): unknown {
    if (!(error instanceof StacksError) || error.code !== 'MIXED_UNITS') return error;
    const { unit: other = SAMPLES } = this.facts;
    return new CliError(
      Exit.DATA,
      `${forTerminal(this.#first)} counts ${other}, and ${forTerminal(file)} counts ${unit}: their sum would mean nothing, so merge each kind separately`,
      error,
    );
  }
}

/** Adds to the facts how many files are lost or truncated. */
export function withProblems(facts: Facts, problems: number): Facts {
  if (problems === 0) return facts;
  const { losses } = facts;
  return { ...facts, losses: { ...losses, truncated: (losses?.truncated ?? 0) + problems } };
}
