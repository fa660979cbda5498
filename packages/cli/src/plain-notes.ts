import { SAMPLES } from '@stapflame/stacks';
import type { CommonOptions } from './commands/context.ts';
import type { Summary } from './summary.ts';

interface Flags extends CommonOptions {
  readonly plain?: boolean;
}

/** Warns that `--plain` leaves out the unit, so that other commands treat the weights as samples. */
export function plainNotes(options: CommonOptions, { facts }: Summary): readonly string[] {
  const { plain } = options as Flags;
  const { unit = SAMPLES } = facts;
  if (plain !== true || unit === SAMPLES) return [];
  return [`--plain leaves out the unit (${unit}), so top and diff will treat the weights as samples`];
}
