/**
 * Everything that the doctor finds has the same type, whether it was found in a line of standard error, on the machine,
 * in a module's symbols or in a trace.
 */

import type { Command, Words } from './shell.ts';

/**
 * How severe a finding is: `blocks` – sampling is impossible until the problem is fixed; `costs` – sampling works, but
 * the trace lacks information or is incomplete; `note` – known and harmless.
 */
export type Severity = 'blocks' | 'costs' | 'note';

/** The kind of problem that blocks sampling. The CLI has an exit code for each kind. */
export type Obstacle = 'permission' | 'missing-program' | 'configuration' | 'usage' | 'link' | 'unknown';

/** One way to fix the problem that a finding reports. */
export interface Fix {
  /** Commands to run, in this order. */
  readonly commands: readonly Command[];
  /** Flags to add when sampling again: for stap or, if stap has no such flag, for `stapflame record`. */
  readonly again?: Words;
  /** What the fix does, in one sentence. Absent if the commands make that clear. */
  readonly effect?: string;
  /** The risk or cost of the fix, in one sentence. Always present for a last resort. */
  readonly risk?: string;
  /** Commands that undo the fix. */
  readonly undo?: readonly Command[];
}

/** The text that led to a finding, and where it was found. */
export interface Evidence {
  /** The text itself, without terminal escapes. */
  readonly text: string;
  /** The line number, counted from 1, if the text comes from a stream. */
  readonly line?: number;
  /** The position of the line's first byte in that stream, counted from 0. */
  readonly offset?: number;
  /** How often the message was found, if more than once. */
  readonly count?: number;
}

/** A problem or harmless peculiarity that the doctor found. */
export interface Finding {
  /** The finding's stable name, such as `missing-unwind-data`. */
  readonly code: string;
  readonly severity: Severity;
  /** Present if `severity` is `blocks`. */
  readonly obstacle?: Obstacle;
  /** What the finding means, in one sentence. */
  readonly meaning: string;
  /** The cause of the problem in this case. */
  readonly cause: string;
  /**
   * Ways to fix the problem, from those that need the fewest privileges to last resorts. Empty if there is nothing to
   * do.
   */
  readonly fixes: readonly Fix[];
  readonly evidence?: Evidence;
  /**
   * Details from the evidence as strings, such as modules, paths and numbers. If a name has several values, each is on
   * its own line.
   */
  readonly values: Readonly<Record<string, string>>;
  /** Man pages (`man error::fault`) and web addresses with more information. */
  readonly links: readonly string[];
}

/** Creates a fix that consists of advice only, for problems that no command can fix. */
export function advise(effect: string, extra: Omit<Fix, 'commands' | 'effect'> = {}): Fix {
  return { commands: [], effect, ...extra };
}
