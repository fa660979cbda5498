import type { Finding, Fix, Obstacle, Severity } from '../finding.ts';
import type { Machine } from '../machine.ts';

/**
 * Values that a pattern's named groups captured. If an entry gathers a value, that value may consist of several
 * strings, one per line.
 */
export type Values = Readonly<Record<string, string>>;

/** Facts about the run that do not come from the message itself. */
export interface Circumstances extends Machine {
  /** The stacks that were requested; `undefined` if that is not known. */
  readonly stacks?: 'user' | 'kernel' | 'both';
}

/** Where an example comes from: one of our runs, the tool's source, a public report or the vendor's documentation. */
type Origin = 'run' | 'source' | 'report' | 'document';

/** A message exactly as it is printed. */
interface Example {
  readonly text: string;
  readonly from: Origin;
}

/** Everything that the doctor knows about one message. */
export interface Entry {
  /** The finding's name, which is also its heading in the documentation. */
  readonly code: string;
  /** Patterns for the message's old and new wordings. Their named groups capture the values. */
  readonly patterns: readonly RegExp[];
  /** Matches further lines of the message, if it has several lines or a terminal wrapped it. */
  readonly continues?: RegExp;
  /** The name of the value that one finding gathers from all messages of this kind. */
  readonly gathers?: string;
  /** A `progress` message is recognised, but produces no finding. */
  readonly severity: Severity | 'progress' | ((values: Values, circumstances: Circumstances) => Severity);
  readonly obstacle?: Obstacle;
  /**
   * Set if the message only says that something failed. Its finding is left out if another finding gives the reason.
   */
  readonly vague?: true;
  /** Set if the message says that the run completed. */
  readonly ends?: true;
  /** Returns the stacks that were requested, if the message shows this. */
  readonly tells?: (values: Values) => Circumstances['stacks'];
  readonly meaning: string;
  readonly cause: string | ((values: Values, circumstances: Circumstances) => string);
  readonly fixes?: (values: Values, circumstances: Circumstances) => readonly Fix[];
  readonly links?: readonly string[];
  readonly examples: readonly Example[];
}

/** Splits a gathered value into its strings. */
export function each(value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : value.split('\n');
}

/** Lists the strings in a gathered value for use in a sentence, and shortens a long list. */
export function listed(value: string | undefined): string {
  const texts = each(value);
  const first = texts.slice(0, 3).join(', ');
  return texts.length > 3 ? `${first} and ${texts.length - 3} more` : first;
}

/** Creates the finding for an entry from the values in its message. */
export function findingOf(entry: Entry, values: Values, circumstances: Circumstances): Finding {
  const { severity, cause } = entry;
  const judged = typeof severity === 'function' ? severity(values, circumstances) : severity;
  return {
    code: entry.code,
    severity: judged === 'progress' ? 'note' : judged,
    ...(judged === 'blocks' && entry.obstacle !== undefined && { obstacle: entry.obstacle }),
    meaning: entry.meaning,
    cause: typeof cause === 'function' ? cause(values, circumstances) : cause,
    fixes: (entry.fixes?.(values, circumstances) ?? []).filter(says),
    values,
    links: entry.links ?? [],
  };
}

/** Whether a fix has anything to show: commands for this machine, flags or a sentence. */
function says({ commands, again, effect }: Fix): boolean {
  return commands.length > 0 || again !== undefined || effect !== undefined;
}
