import type { Evidence, Finding, Severity } from './finding.ts';
import { findingOf, type Circumstances, type Entry, type Values } from './messages/entry.ts';
import { MORE_FINDINGS, PASSED_OVER } from './messages/doctor-limits.ts';
import { readMessage, shown, valuesOfLines, type Message } from './messages/read-message.ts';
import { resolveOptions, type DoctorOptions, type ResolvedDoctorOptions } from './options.ts';

/** Most texts that are gathered in one finding. */
const MOST_GATHERED = 100;
/** Longest paragraph of several lines, and longest text kept as evidence. */
const PARAGRAPH = 65_536;
const EVIDENCE = 500;
/** Lines repeat: so many of the last different ones are not looked up again. */
const REMEMBERED = 1024;

const ORDER: readonly Severity[] = ['blocks', 'costs', 'note'];

/** A finding that grows as more lines say the same. */
interface Found {
  readonly entry: Entry;
  values: Values;
  readonly gathered: Set<string>;
  readonly evidence: Evidence;
  readonly links: Set<string>;
  count: number;
}

/** A message that the next lines may go on with. */
interface Paragraph extends Message {
  text: string;
  readonly line: number;
  readonly offset: number | undefined;
}

/** Reads lines of standard error one by one and keeps, within bounds, what is to be said of them. */
export class Doctor {
  readonly #options: ResolvedDoctorOptions;
  readonly #found: Found[] = [];
  readonly #remembered = new Map<string, Message | undefined>();
  #stacks: Circumstances['stacks'];
  #paragraph: Paragraph | undefined;
  #line = 0;
  #more = 0;
  #passedOver = 0;

  /** Throws `INVALID_OPTIONS`. */
  constructor(options: DoctorOptions = {}) {
    this.#options = resolveOptions(options);
    this.#stacks = options.stacks;
  }

  /**
   * Reads the next line, without its line feed; `offset` is its first byte in the stream. Gives the code of the
   * message it is, or is a part of; `undefined` for a line that nobody knows.
   */
  read(line: string, offset?: number): string | undefined {
    this.#line++;
    const text = shown(line);
    if (this.#goesOn(text)) return this.#paragraph!.entry.code;
    this.#endParagraph();
    const message = this.#recognise(text);
    if (message === undefined) return undefined;
    this.#stacks = this.#options.stacks ?? message.entry.tells?.(message.values) ?? this.#stacks;
    this.#paragraph = { ...message, text, line: this.#line, offset };
    if (message.entry.continues === undefined) this.#endParagraph();
    return message.entry.code;
  }

  /** Counts bytes of lines that were too long to be read. */
  passOver(bytes: number): void {
    this.#passedOver += bytes;
  }

  /** What was found so far: what blocks first, then what costs, then notes; each in the order of its first line. */
  get findings(): readonly Finding[] {
    this.#endParagraph();
    const circumstances: Circumstances = {
      ...this.#options,
      ...(this.#stacks !== undefined && { stacks: this.#stacks }),
    };
    const findings = this.#found
      .filter(({ entry }) => entry.severity !== 'progress')
      .map((found) => ({ vague: found.entry.vague, finding: toFinding(found, circumstances) }));
    const clear = findings.filter(({ vague }) => vague !== true).map(({ finding }) => finding.severity);
    const kept = findings
      .filter(({ vague, finding }) => vague !== true || !explained(finding.severity, clear))
      .map(({ finding }) => finding);
    if (this.#passedOver > 0)
      kept.push(findingOf(PASSED_OVER, { bytes: String(this.#passedOver) }, circumstances));
    if (this.#more > 0) kept.push(findingOf(MORE_FINDINGS, { count: String(this.#more) }, circumstances));
    return kept.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
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
    if (member !== undefined && found.gathered.size < MOST_GATHERED) found.gathered.add(member);
    for (const [, page] of text.matchAll(/\[(man [\w:.-]{1,64})\]/g)) found.links.add(page!);
  }
}

/** What a whole text of messages says. Throws `INVALID_OPTIONS`. */
export function diagnose(text: string, options: DoctorOptions = {}): readonly Finding[] {
  const doctor = new Doctor(options);
  for (const line of text.replace(/\n$/, '').split('\n')) doctor.read(line);
  return doctor.findings;
}

/** Two lines tell of one thing where no value of one contradicts the other. */
function agree(one: Values, other: Values): boolean {
  return Object.entries(other).every(([name, value]) => one[name] === undefined || one[name] === value);
}

/** A failure is explained by a finding that weighs as much as it. */
function explained(failure: Severity, clear: readonly Severity[]): boolean {
  return clear.some((severity) => ORDER.indexOf(severity) <= ORDER.indexOf(failure));
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
