import { combineFacts, labelOf, SAMPLES, StacksError, type Facts } from '@stapflame/stacks';
import type { Sources } from '../commands/sources.ts';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';

/** A file to merge. */
export interface Shard {
  /** The file's name. */
  readonly file: string;
  /** The root frame to add to the file's stacks. With `host`, its label is the host that the file names. */
  readonly root: { readonly label: string } | 'host' | undefined;
}

/** Returns the files to merge, each with its root frame. */
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
      `--source: ${forTerminal(files[0]!)} has no name; add --source NAME=FILE for it, or use --source file`,
    );
  }
  return sources.names.map(({ name, file }) => ({ file, root: { label: labelOf(name) } }));
}

/** Returns the label of the root frame for a file with these facts. */
export function rootOf({ file, root }: Shard, { host }: Facts): string | undefined {
  return root === 'host' ? labelOf(host ?? file) : root?.label;
}

/** Combines the files' facts. If two files count different things, the error names both files. */
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

  /** Adds the files' names to an error about different units. Returns any other error unchanged. */
  named(error: unknown, file: string, { unit = SAMPLES }: Facts): unknown {
    if (!(error instanceof StacksError) || error.code !== 'MIXED_UNITS') return error;
    const { unit: other = SAMPLES } = this.facts;
    return new CliError(
      Exit.DATA,
      `${forTerminal(this.#first)} counts ${other}, and ${forTerminal(file)} counts ${unit}; these cannot be summed, so merge each kind separately`,
      error,
    );
  }
}

/** Adds the number of lost or truncated files to the facts. */
export function withProblems(facts: Facts, problems: number): Facts {
  if (problems === 0) return facts;
  const { losses } = facts;
  return { ...facts, losses: { ...losses, truncated: (losses?.truncated ?? 0) + problems } };
}
