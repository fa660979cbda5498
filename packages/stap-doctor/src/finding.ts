/**
 * Findings: one record type for everything that the doctor finds, whether in a line of standard error, on the machine,
 * in a module's symbols or in a trace.
 */

import type { Command } from './shell.ts';

/**
 * How much a finding matters: `blocks` – no sampling until it is fixed; `costs` – sampling works, but the trace is
 * poorer or incomplete; `note` – known and harmless.
 */
export type Severity = 'blocks' | 'costs' | 'note';

/** The kind of obstacle that blocks; the command line has an exit code for each. */
export type Obstacle = 'permission' | 'missing-program' | 'configuration' | 'usage' | 'link' | 'unknown';

/** One way to fix a finding. */
export interface Fix {
  /** Commands to type, in this order. */
  readonly commands: readonly Command[];
  /** Flags to sample again with: stap's, or those of `stapflame record` if stap has no such flag. */
  readonly again?: readonly string[];
  /** Its effect, if the commands do not make it clear; one sentence. */
  readonly effect?: string;
  /** Its risk or price, in one sentence. Always given for a last resort. */
  readonly risk?: string;
  /** Commands that undo it. */
  readonly undo?: readonly Command[];
}

/** The place where a finding was seen. */
export interface Evidence {
  /** The line or fact itself, without terminal escapes. */
  readonly text: string;
  /** The line's number, from 1, if it comes from a stream. */
  readonly line?: number;
  /** The line's first byte in that stream, from 0. */
  readonly offset?: number;
  /** The number of lines that said so, if more than one. */
  readonly count?: number;
}

/** One thing found. */
export interface Finding {
  /** Stable name, such as `missing-unwind-data`. */
  readonly code: string;
  readonly severity: Severity;
  /** Given if `severity` is `blocks`. */
  readonly obstacle?: Obstacle;
  /** Its meaning, in one sentence. */
  readonly meaning: string;
  /** The cause in this case. */
  readonly cause: string;
  /** Ways to fix it, least privilege first, last resorts last; empty if there is nothing to do. */
  readonly fixes: readonly Fix[];
  readonly evidence?: Evidence;
  /** Captured values: modules, paths, numbers, as text. Several values of one name are on separate lines. */
  readonly values: Readonly<Record<string, string>>;
  /** Man pages (`man error::fault`) and addresses to read. */
  readonly links: readonly string[];
}

/** A fix that is only a sentence, because no command does it. */
export function advise(effect: string, extra: Omit<Fix, 'commands' | 'effect'> = {}): Fix {
  return { commands: [], effect, ...extra };
}
