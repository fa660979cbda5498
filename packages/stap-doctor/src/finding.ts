/**
 * What the doctor says: one record for everything it finds, whether in a line of stderr, on the
 * machine, in the symbols of a module or in a trace.
 */

import type { Command } from './shell.ts';

/**
 * How much a finding matters: `blocks` – no sampling until it is fixed; `costs` – a trace comes,
 * but is poorer or incomplete; `note` – known and harmless.
 */
export type Severity = 'blocks' | 'costs' | 'note';

/** What kind of obstacle a blocking finding is; the command line has an exit code for each. */
export type Obstacle = 'permission' | 'missing-program' | 'configuration' | 'usage' | 'link' | 'unknown';

/** One way to fix a finding. */
export interface Fix {
  /** Commands to type, in this order. */
  readonly commands: readonly Command[];
  /** Flags to sample again with: stap's, or those of `stapflame record` if stap has no such flag. */
  readonly again?: readonly string[];
  /** What it does, if the commands do not say so; one sentence. */
  readonly effect?: string;
  /** What it exposes or costs, in one sentence. Always given for a last resort. */
  readonly risk?: string;
  /** Commands that undo it. */
  readonly undo?: readonly Command[];
}

/** Where a finding was seen. */
export interface Evidence {
  /** The line or fact itself, without terminal escapes. */
  readonly text: string;
  /** The line's number, from 1, if it was a line of a stream. */
  readonly line?: number;
  /** The line's first byte in that stream, from 0. */
  readonly offset?: number;
  /** How many lines said so, if there were several. */
  readonly count?: number;
}

/** One thing found. */
export interface Finding {
  /** Stable name, such as `missing-unwind-data`. */
  readonly code: string;
  readonly severity: Severity;
  /** Given if `severity` is `blocks`. */
  readonly obstacle?: Obstacle;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** The cause in this case. */
  readonly cause: string;
  /** Ways to fix it, least privilege first, last resorts last; empty if there is nothing to do. */
  readonly fixes: readonly Fix[];
  readonly evidence?: Evidence;
  /** What was captured: modules, paths, numbers, as text. Several values of one name are on separate lines. */
  readonly values: Readonly<Record<string, string>>;
  /** Man pages (`man error::fault`) and addresses to read. */
  readonly links: readonly string[];
}

/** A fix that is a sentence, because no command does it. */
export function advise(effect: string, extra: Omit<Fix, 'commands' | 'effect'> = {}): Fix {
  return { commands: [], effect, ...extra };
}
