/**
 * What the doctor says: one record for everything it finds, whether in a line of stderr, on the
 * machine, in the symbols of a module or in a trace.
 */

/**
 * How much a finding matters: `blocks` – no sampling before it is mended; `costs` – a trace comes,
 * but is poorer or incomplete; `note` – known and harmless.
 */
export type Severity = 'blocks' | 'costs' | 'note';

/** What a blocking finding stands for in an exit code: 77, 69 and 78, in this order of precedence. */
export type Obstacle = 'permission' | 'missing-program' | 'configuration';

/** One way to mend a finding. */
export interface Fix {
  /** Commands to type, in this order; each a line for a POSIX shell, with values quoted. */
  readonly commands: readonly string[];
  /** Flags to sample again with: stap's, or those of `stapflame record` where stap has no such thing. */
  readonly again?: readonly string[];
  /** What it does, where the commands do not say it; one sentence. */
  readonly effect?: string;
  /** What it opens or costs, in one sentence. A last resort always says so. */
  readonly risk?: string;
  /** Commands that take it back. */
  readonly undo?: readonly string[];
}

/** Where a finding was seen. */
export interface Evidence {
  /** The line or fact itself, without terminal escapes. */
  readonly text: string;
  /** The line's number, from 1, where it was a line of a stream. */
  readonly line?: number;
  /** The line's first byte in that stream, from 0. */
  readonly offset?: number;
  /** How many lines said it, where it was more than one. */
  readonly count?: number;
}

/** One thing found. */
export interface Finding {
  /** Stable name, such as `missing-unwind-data`. */
  readonly code: string;
  readonly severity: Severity;
  /** Given where `severity` is `blocks`. */
  readonly obstacle?: Obstacle;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** The cause in this very case. */
  readonly cause: string;
  /** Ways to mend it, least privilege first, last resorts last; empty where nothing is to be done. */
  readonly fixes: readonly Fix[];
  readonly evidence?: Evidence;
  /** What was captured: modules, paths, numbers, as text. Several of one name stand on lines of their own. */
  readonly values: Readonly<Record<string, string>>;
  /** Man pages (`man error::fault`) and addresses to read. */
  readonly links: readonly string[];
}
