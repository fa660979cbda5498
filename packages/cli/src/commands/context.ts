import type { Summary } from '../summary.ts';

/** Options shared by all commands that read input. */
export interface CommonOptions {
  readonly output?: string;
  readonly summary?: string;
  readonly quiet?: boolean;
}

/** The summary of a command that has written its output. */
type Outcome = Summary;

/** Passes a finished command's summary to the program, which prints it and chooses the exit code. */
export type Report = (outcome: Outcome, options: CommonOptions) => Promise<void>;
