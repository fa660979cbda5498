import { InvalidArgumentError, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import { wholeNumber } from './trace-options.ts';

/** Flags for commands that can use several threads. */
export interface JobFlags {
  readonly jobs?: number;
}

/** Maximum number of threads. More threads would use more memory without making folding faster. */
const MOST_JOBS = 64;

export function addJobsOption(command: Command, description: string): Command {
  return command.optionsGroup(Group.RESOURCES).option('-j, --jobs <number>', description, (text: string) => {
    const jobs = wholeNumber(text);
    if (jobs < 1 || jobs > MOST_JOBS)
      throw new InvalidArgumentError(`expected a number from 1 to ${MOST_JOBS}.`);
    return jobs;
  });
}
