import type { Facts } from '@stapflame/stacks';
import { addCounts, hasChangingHeads, lists } from './combine.ts';
import { parseComment } from './grammar/comment.ts';
import { showsPrefix } from './grammar/host-line.ts';
import { resolveOptions } from './options.ts';
import { Sources } from './sources.ts';
import { SummaryBuilder, type ParserSummary } from './summary.ts';
import { TraceFacts } from './trace-facts.ts';

/** The properties of a trace that can be split at record boundaries. */
export interface TraceShape {
  /** Length of the header line, including its line feed, or 0. Every part is read with this header before it. */
  readonly headerLength: number;
  readonly header: string;
  /** Whether records are framed, that is, each begins with `#<`. */
  readonly isFramed: boolean;
}

/** Number of bytes to read at a trace's start to find its shape, and at its end to find its trailer. */
export const SHAPE_BYTES: number = 1 << 16;

const LINE_FEED = 0x0a;
const TAB = 0x09;
const ZERO = 0x30;
const OPEN = [0x23, 0x3c, 0x20];
const FRAME_OPEN = /^#< \d/;
const TRAILER = /^# stapflame (?:end|error)(?= |$)/;

/**
 * Finds a trace's shape in its first bytes. Returns `undefined` if the trace cannot be split. If several hosts' lines
 * are mixed, there may be no position that is between records for every host. A trace whose stacks were counted in the
 * kernel is too short to be worth splitting.
 */
export function shapeOf(head: Uint8Array): TraceShape | undefined {
  const text = new TextDecoder().decode(head);
  const lines = text.split('\n').slice(0, -1);
  if (lines.length === 0 || lines.some(showsPrefix)) return undefined;
  const comment = parseComment(lines[0]!);
  const isHeader = comment?.kind === 'header';
  if (isHeader && comment.fields.get('mode') !== 'stream') return undefined;
  return {
    headerLength: isHeader ? head.indexOf(LINE_FEED) + 1 : 0,
    header: isHeader ? lines[0]! : '',
    isFramed: isHeader || lines.some((line) => FRAME_OPEN.test(line)),
  };
}

/**
 * Returns the first position at or after `from` that is between two records, or −1 if there is none.
 *
 *     …main+0x4/0x10 [/bin/demo]⏎ TAB 1 ⏎ #< 3 1200⏎ …
 *                                         ^ between framed records; otherwise, after any count line
 */
export function findCut(bytes: Uint8Array, from: number, { isFramed }: TraceShape): number {
  for (let at = bytes.indexOf(LINE_FEED, from); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    if (bytes[at + 1] !== TAB) continue;
    let end = at + 2;
    while (bytes[end]! >= ZERO && bytes[end]! < ZERO + 10) end++;
    if (end === at + 2 || bytes[end] !== LINE_FEED) continue;
    if (!isFramed || OPEN.every((byte, i) => bytes[end + 1 + i] === byte)) return end + 1;
  }
  return -1;
}

/** Returns the length in bytes of the trailer at a trace's end (`# stapflame end …`), or 0 if there is no trailer. */
export function trailerLength(tail: Uint8Array): number {
  const lines = new TextDecoder('latin1').decode(tail).split('\n');
  if (lines.at(-1) !== '') return 0;
  let length = 0;
  // the first line in `tail` may be incomplete
  for (let i = lines.length - 2; i > 0 && TRAILER.test(lines[i]!); i--) length += lines[i]!.length + 1;
  return length;
}

/** The result of reading one part of a trace. */
export interface TracePart {
  /** The part's position in the trace. */
  readonly from: number;
  readonly summary: ParserSummary;
  /** Number of header and trailer lines in the part, not counting the header put before it. */
  readonly comments: number;
  readonly isPrefixed: boolean;
  /** Whether a record in the part was framed. */
  readonly isFramed: boolean;
}

/**
 * Whether reading the trace in parts returns the same result as reading the complete trace. The results differ if
 * another trace begins in a part, if a part has a different dialect, if the trace was split within a record, or if
 * headings change so often that the result depends on headings in other parts.
 */
export function isSameInParts(parts: readonly TracePart[], { isFramed }: TraceShape): boolean {
  const ends = parts.slice(0, -1);
  return (
    parts.every((part) => part.comments === 0 && !part.isPrefixed && (isFramed || !part.isFramed)) &&
    parts.every(({ summary }) => !hasChangingHeads(summary)) &&
    ends.every(({ summary }) => summary.truncated === 0)
  );
}

/** Returns the summary and facts of a trace read in parts, including the facts in its trailer. */
export function combineParts(
  parts: readonly TracePart[],
  { header, headerLength }: TraceShape,
  trailer: string,
): { readonly summary: ParserSummary; readonly facts: Facts } {
  const builder = new SummaryBuilder();
  const end = Math.max(...parts.map(({ from, summary }) => from + summary.bytes - headerLength));
  for (const { summary } of parts) {
    addCounts(builder, summary);
    builder.bytes -= headerLength;
  }
  builder.bytes += headerLength + trailer.length;
  const { main } = new Sources(resolveOptions({}));
  const facts = new TraceFacts();
  const headed = parseComment(header);
  if (headed) {
    facts.begin(headed, 0, 0);
    main.comment(headed, 0, builder);
  }
  main.framed ||= parts.some(({ isFramed }) => isFramed);
  main.records = builder.records;
  main.weight = builder.weight;
  for (const line of trailer.split('\n')) {
    const comment = parseComment(line);
    if (comment) main.comment(comment, end, builder);
  }
  main.settle(builder);
  facts.endInput(end, builder.records);
  const own = builder.snapshot();
  const summary: ParserSummary = {
    ...own,
    ...lists([...parts.map((part) => inWhole(part, headerLength)), own]),
  };
  return { summary, facts: facts.with(summary) };
}

/** Changes offsets in a part's lists to offsets in the complete trace. */
function inWhole({ from, summary }: TracePart, headerLength: number): ParserSummary {
  const moved = <Item extends { readonly offset: number }>(items: readonly Item[]): readonly Item[] =>
    items.map((item) => ({ ...item, offset: item.offset + from - headerLength }));
  return {
    ...summary,
    damage: moved(summary.damage),
    diagnostics: moved(summary.diagnostics),
    unknown: moved(summary.unknown),
  };
}
