import type { Facts } from '@stapflame/stacks';

/** A line that is neither a frame nor the first line of a sample. */
export type OtherLine =
  /** A report of lost samples. */
  | { readonly kind: 'lost'; readonly events: number }
  /** The source line of the previous frame (`-F +srcline`). */
  | { readonly kind: 'source'; readonly file: string; readonly line: number }
  | { readonly kind: 'branches' }
  /** A header line with facts about all samples, or a recognised line that contains nothing to keep. */
  | { readonly kind: 'known'; readonly facts: Facts };

const LOST =
  /\bLOST (\d{1,15}) events!|\bPERF_RECORD_LOST(?:_SAMPLES)? lost (\d{1,15})|\blost (\d{1,15}) chunks!/;
const HEADER =
  /^# (?:hostname : (?<host>\S+)|os release : (?<kernel>\S+)|sample duration : *(?<ms>[\d.]{1,20}) ms)/;
const SOURCE = /^\s+(\S[^\t]*):(\d{1,9})(?: \(discriminator \d+\))?\s*$/;
const BRANCHES = /^\s*\S{1,200}?\/\S{1,200}?\/[PMN-]\/[X-]\/[A-]\/\d/;
/**
 * Matches comments, records other than samples (`--show-mmap-events`), what perf prints for code without a source line,
 * and registers.
 */
const KNOWN = /^#|(?:^|[ :])PERF_RECORD_[A-Z]|^\s+\S+\[[0-9a-f]{1,16}\]\s*$|^\s*ABI:\d/;
/** Number of characters at the start of a line that are used to recognise the line. */
const TELLING_LENGTH = 1000;

/** Reads a line that is not a frame. Returns `undefined` if the line is not recognised. */
export function readOtherLine(text: string): OtherLine | undefined {
  const line = text.slice(0, TELLING_LENGTH);
  const lost = LOST.exec(line);
  if (lost) return { kind: 'lost', events: Number(lost[1] ?? lost[2] ?? lost[3]) };
  if (BRANCHES.test(line)) return { kind: 'branches' };
  const { host, kernel, ms } = HEADER.exec(line)?.groups ?? {};
  const duration = Number(ms);
  const facts = { ...(host && { host }), ...(kernel && { kernel }), ...(duration >= 0 && { duration }) };
  if (KNOWN.test(line)) return { kind: 'known', facts };
  const source = SOURCE.exec(line);
  return source ? { kind: 'source', file: source[1]!, line: Number(source[2]) } : undefined;
}
