import type { Evidence, Finding, Severity } from './finding.ts';
import { findingOf, type Circumstances, type Entry, type Values } from './messages/entry.ts';
import { COMMANDS_FOR, MORE_FINDINGS, PASSED_OVER } from './messages/doctor-limits.ts';
import { readMessage, shown, valuesOfLines, type Message } from './messages/read-message.ts';
import { UNEXPLAINED_ERROR, UNEXPLAINED_TEXT } from './messages/unexplained.ts';
import { distributionName, type Distribution } from './machine.ts';
import { resolveOptions, type DoctorOptions, type ResolvedDoctorOptions } from './options.ts';
import { ToldDistribution } from './told-distribution.ts';

/** Maximum number of values that one finding gathers from repeated messages. */
const MOST_GATHERED = 100;
/** Maximum lengths, in characters: of a multi-line message, and of a string kept as evidence. */
const PARAGRAPH = 65_536;
const EVIDENCE = 500;
/** Maximum number of lines whose results are cached. Caching pays because lines often repeat. */
const REMEMBERED = 1024;

const ORDER: readonly Severity[] = ['blocks', 'costs', 'note'];

/** A finding that collects further messages about the same thing. */
interface Found {
  readonly entry: Entry;
  values: Values;
  readonly gathered: Set<string>;
  readonly evidence: Evidence;
  readonly links: Set<string>;
  count: number;
}

/** A message that may continue on the following lines. */
interface Paragraph extends Message {
  text: string;
  readonly line: number;
  readonly offset: number | undefined;
}

/** Reads standard error line by line and collects findings, up to a limit. */
export class Doctor {
  readonly #options: ResolvedDoctorOptions;
  readonly #found: Found[] = [];
  readonly #remembered = new Map<string, Message | undefined>();
  #stacks: Circumstances['stacks'];
  readonly #told = new ToldDistribution();
  #paragraph: Paragraph | undefined;
  #ended = false;
  #line = 0;
  #more = 0;
  #passedOver = 0;

  /** Throws `INVALID_OPTIONS`. */
  constructor(options: DoctorOptions = {}) {
    this.#options = resolveOptions(options);
    this.#stacks = options.stacks;
  }

  /**
   * Reads the next line, given without its line feed; `offset` is the position of its first byte in the stream. Returns
   * the code of the message that the line belongs to, or `undefined` if the line is unknown.
   */
  read(line: string, offset?: number): string | undefined {
    this.#line++;
    const text = shown(line);
    if (this.#goesOn(text)) return this.#paragraph!.entry.code;
    this.#endParagraph();
    const message = this.#recognise(text);
    if (message === undefined) return undefined;
    this.#ended ||= message.entry.ends === true;
    this.#stacks = this.#options.stacks ?? message.entry.tells?.(message.values) ?? this.#stacks;
    this.#paragraph = { ...message, text, line: this.#line, offset };
    if (message.entry.continues === undefined) this.#endParagraph();
    return isUnexplained(message.entry) ? undefined : message.entry.code;
  }

  /** Counts the bytes of lines that were too long to be read. */
  passOver(bytes: number): void {
    this.#passedOver += bytes;
  }

  /**
   * The findings so far, most severe first (`blocks`, `costs`, `note`). Equally severe findings stay in the order they
   * were first seen.
   */
  get findings(): readonly Finding[] {
    this.#endParagraph();
    const circumstances = this.#circumstances();
    const findings = kept(
      this.#found.map((found) => ({ entry: found.entry, finding: toFinding(found, circumstances) })),
      this.#ended,
    );
    const say = (entry: Entry, values: Values): void => {
      findings.push(findingOf(entry, values, circumstances));
    };
    const { distribution, presumed } = this.#options;
    const told = this.#told.distribution ?? presumed;
    if (distribution === undefined && told !== undefined && this.#dependsOn(told, findings))
      say(COMMANDS_FOR, {
        distribution: distributionName(told),
        from: told === presumed ? 'machine' : 'messages',
      });
    const explained = findings.some(({ severity }) => severity === 'blocks') ? 'yes' : 'no';
    if (this.#passedOver > 0) say(PASSED_OVER, { bytes: String(this.#passedOver), explained });
    if (this.#more > 0) say(MORE_FINDINGS, { count: String(this.#more) });
    return findings.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  }

  /** Whether any of the findings suggests different commands for this distribution than for an unknown one. */
  #dependsOn(distribution: Distribution, findings: readonly Finding[]): boolean {
    const commandsAt = (there: Distribution): string =>
      this.#found
        .filter(({ entry }) => findings.some(({ code }) => code === entry.code))
        .flatMap((found) => toFinding(found, { ...this.#circumstances(), distribution: there }).fixes)
        .flatMap(({ commands }) => commands)
        .join('\n');
    return commandsAt(distribution) !== commandsAt({ id: 'unknown' });
  }

  #circumstances(): Circumstances {
    const { distribution, presumed, ...rest } = this.#options;
    return {
      ...rest,
      distribution: distribution ?? this.#told.distribution ?? presumed ?? { id: 'unknown' },
      ...(this.#stacks !== undefined && { stacks: this.#stacks }),
    };
  }

  #goesOn(text: string): boolean {
    const open = this.#paragraph;
    if (open?.entry.continues?.test(text) !== true || open.text.length + text.length > PARAGRAPH)
      return false;
    open.text += `\n${text}`;
    return true;
  }

  #recognise(text: string): Message | undefined {
    if (this.#remembered.has(text)) return this.#remembered.get(text);
    this.#told.read(text);
    const message = readMessage(text);
    if (this.#remembered.size >= REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, message);
    return message;
  }

  #endParagraph(): void {
    const open = this.#paragraph;
    if (open === undefined) return;
    this.#paragraph = undefined;
    const { entry, text, line, offset } = open;
    const lines = text.split('\n');
    const values = lines.length > 1 ? valuesOfLines(entry, lines)! : open.values;
    const { [entry.gathers ?? '']: member, ...rest } = values;
    let found = this.#found.find((each) => each.entry === entry && agree(each.values, rest));
    if (found === undefined) {
      if (this.#found.length >= this.#options.maxFindings) {
        this.#more++;
        return;
      }
      const evidence = {
        text: lines
          .map((each) => each.trim())
          .filter(Boolean)
          .join('\n')
          .slice(0, EVIDENCE),
        line,
        ...(offset !== undefined && { offset }),
      };
      found = { entry, values: {}, gathered: new Set(), evidence, links: new Set(entry.links), count: 0 };
      this.#found.push(found);
    }
    found.values = { ...found.values, ...rest };
    found.count++;
    if (member !== undefined && found.gathered.size < MOST_GATHERED)
      found.gathered.add(member.slice(0, EVIDENCE));
    for (const [, page] of text.matchAll(/\[(man [\w:.-]{1,64})\]/g)) found.links.add(page!);
  }
}

/** Returns the findings for the complete standard error output of a run. Throws `INVALID_OPTIONS`. */
export function diagnose(text: string, options: DoctorOptions = {}): readonly Finding[] {
  const doctor = new Doctor(options);
  for (const line of text.replace(/\n$/, '').split('\n')) doctor.read(line);
  return doctor.findings;
}

/** Whether two messages are about the same thing, that is, none of their values differ. */
function agree(one: Values, other: Values): boolean {
  return Object.entries(other).every(([name, value]) => one[name] === undefined || one[name] === value);
}

interface Judged {
  readonly entry: Entry;
  readonly finding: Finding;
}

/**
 * Drops findings that add nothing. A message that only reports a failure is dropped if another message gives the cause.
 * Unknown lines are dropped if the run completed or another message explains the failure. Unknown errors are always
 * kept.
 */
function kept(all: readonly Judged[], ended: boolean): Finding[] {
  const told = all.filter(({ entry }) => entry.severity !== 'progress');
  const clear = told.filter(({ entry }) => entry.vague !== true && !isUnexplained(entry));
  const isExplained = (severity: Severity): boolean =>
    clear.some(({ finding }) => ORDER.indexOf(finding.severity) <= ORDER.indexOf(severity));
  const failed = told.some(({ entry }) => entry.vague === true || entry === UNEXPLAINED_ERROR);
  return told.flatMap(({ entry, finding }) => {
    if (entry === UNEXPLAINED_TEXT) {
      const errors = told.some((other) => other.entry === UNEXPLAINED_ERROR);
      return errors || isExplained('costs') || (ended && !failed) ? [] : [finding];
    }
    if (entry === UNEXPLAINED_ERROR) return [isExplained('blocks') ? asNote(finding) : finding];
    return entry.vague === true && isExplained(finding.severity) ? [] : [finding];
  });
}

function isUnexplained(entry: Entry): boolean {
  return entry === UNEXPLAINED_ERROR || entry === UNEXPLAINED_TEXT;
}

/** Downgrades the finding about an unknown error to a note, because another message explains the failure. */
function asNote(finding: Finding): Finding {
  const { obstacle: _, ...rest } = finding;
  return { ...rest, severity: 'note', meaning: 'The doctor does not know this message.' };
}

function toFinding(
  { entry, values, gathered, evidence, links, count }: Found,
  circumstances: Circumstances,
): Finding {
  const all = gathered.size === 0 ? values : { ...values, [entry.gathers!]: [...gathered].join('\n') };
  return {
    ...findingOf(entry, all, circumstances),
    evidence: { ...evidence, ...(count > 1 && { count }) },
    links: [...links],
  };
}
