import type { Finding, Fix, Obstacle, Severity } from '../finding.ts';
import type { Machine } from '../machine.ts';

/** Values captured by a line's named groups. A gathering entry may have several values of one name, one per line. */
export type Values = Readonly<Record<string, string>>;

/** Facts that are known in addition to the words of a message. */
export interface Circumstances extends Machine {
  /** The requested stacks; `undefined` if not known. */
  readonly stacks?: 'user' | 'kernel' | 'both';
}

/** The origin of an example: one of our runs, the tool's source, a public report or the vendor's documents. */
type Origin = 'run' | 'source' | 'report' | 'document';

/** A message exactly as it is printed. */
interface Example {
  readonly text: string;
  readonly from: Origin;
}

/** Everything that the doctor knows about one message. */
export interface Entry {
  /** The finding's name, and its heading in the documentation. */
  readonly code: string;
  /** Its wordings, old and new; named groups are its values. */
  readonly patterns: readonly RegExp[];
  /** The lines after it that belong to it: wrapped by a terminal, or the rest of a paragraph. */
  readonly continues?: RegExp;
  /** The name of the value that is gathered from many lines into one finding. */
  readonly gathers?: string;
  /** A `progress` message is recognised, but produces no finding. */
  readonly severity: Severity | 'progress' | ((values: Values, circumstances: Circumstances) => Severity);
  readonly obstacle?: Obstacle;
  /** The message only says that something failed, so it is left out if another finding gives the reason. */
  readonly vague?: true;
  /** The message says that the run completed. */
  readonly ends?: true;
  /** The requested stacks, if the message shows them. */
  readonly tells?: (values: Values) => Circumstances['stacks'];
  readonly meaning: string;
  readonly cause: string | ((values: Values, circumstances: Circumstances) => string);
  readonly fixes?: (values: Values, circumstances: Circumstances) => readonly Fix[];
  readonly links?: readonly string[];
  readonly examples: readonly Example[];
}

/** The texts of a gathered value. */
export function each(value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : value.split('\n');
}

/** A list for a sentence, shortened if it is long. */
export function listed(value: string | undefined): string {
  const texts = each(value);
  const first = texts.slice(0, 3).join(', ');
  return texts.length > 3 ? `${first} and ${texts.length - 3} more` : first;
}

/** Makes an entry's finding from its values. */
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

/** Whether a fix has a command for this machine, or other text. */
function says({ commands, again, effect }: Fix): boolean {
  return commands.length > 0 || again !== undefined || effect !== undefined;
}
