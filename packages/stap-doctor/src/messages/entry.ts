import type { Finding, Fix, Obstacle, Severity } from '../finding.ts';
import type { Machine } from '../machine.ts';

/** What a line's named groups captured. An entry that gathers has several values of one name, one per line. */
export type Values = Readonly<Record<string, string>>;

/** What is known in addition to the words of a message. */
export interface Circumstances extends Machine {
  /** Stacks that were asked for; `undefined` if that is not known. */
  readonly stacks?: 'user' | 'kernel' | 'both';
}

/** Where an example comes from: a run of ours, the tool's source, a public report or the vendor's documents. */
type Origin = 'run' | 'source' | 'report' | 'document';

/** A message exactly as it is printed. */
interface Example {
  readonly text: string;
  readonly from: Origin;
}

/** All that the doctor knows about one message. */
export interface Entry {
  /** The finding's name, and its heading in the documentation. */
  readonly code: string;
  /** Its wordings, old and new; named groups are its values. */
  readonly patterns: readonly RegExp[];
  /** The lines after it that belong to it: wrapped by a terminal, or the rest of a paragraph. */
  readonly continues?: RegExp;
  /** The value that is gathered from many lines into one finding. */
  readonly gathers?: string;
  /** `progress` is recognised, but makes no finding. */
  readonly severity: Severity | 'progress' | ((values: Values, circumstances: Circumstances) => Severity);
  readonly obstacle?: Obstacle;
  /** It only says that something failed, so it is left out if another finding says what. */
  readonly vague?: true;
  /** It says that the run completed. */
  readonly ends?: true;
  /** What it says about the whole run. */
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

/** A list in a sentence, cut if it is long. */
export function listed(value: string | undefined): string {
  const texts = each(value);
  const first = texts.slice(0, 3).join(', ');
  return texts.length > 3 ? `${first} and ${texts.length - 3} more` : first;
}

/** Makes the finding of an entry from its values. */
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

/** Drops a fix that has no command for this machine and no other text. */
function says({ commands, again, effect }: Fix): boolean {
  return commands.length > 0 || again !== undefined || effect !== undefined;
}
