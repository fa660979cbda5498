import type { Summary } from '../summary.ts';

/** Options that every command with input has. */
export interface CommonOptions {
  readonly output?: string;
  readonly summary?: string;
  readonly quiet?: boolean;
}

/** What a command hands back when it has written its output. */
export type Outcome = Summary;

/** Hands a finished command's summary to the program, which reports it and chooses the exit code. */
export type Report = (outcome: Outcome, options: CommonOptions) => Promise<void>;
