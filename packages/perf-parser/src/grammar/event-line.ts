/**
 * The first line of a sample (see `perf_sample__fprintf_start()` in perf's builtin-script.c). Its fields depend on
 * the `-F` option of `perf script`:
 *
 *     V8 WorkerThread 24636/25607 [000] 94564.109216:     250000 cpu-clock:uhH:  7f44 f+0x1 (/bin/p)
 *     ^comm           ^id         ^CPU  ^time             ^period ^event         ^tail
 */
export interface EventLine {
  readonly comm: string;
  /** `TID` or `PID/TID`. */
  readonly id: string | undefined;
  readonly period: number | undefined;
  /** The event with its modifiers; empty if the line has no event. */
  readonly event: string;
  /** The rest of the line: tracepoint arguments, or the only frame of a sample without a call chain. */
  readonly tail: string;
}

// Every part is limited in length, so matching never takes long. A comm has at most 16 bytes, and a number at most 20
// digits.
const ID = String.raw`(-?\d{1,10}(?:\/-?\d{1,10})?)`;
const CPU = String.raw`\[\d{1,9}\] {1,20}`;
const TIME = String.raw`\d{1,20}\.\d{1,9}: {0,40}`;
const PERIOD = String.raw`(?:(\d{1,15})(?: {1,20}|$))?`;
// A number cannot be an event's name, so it is read as part of the comm.
const EVENT = String.raw`((?!\d{1,20}:(?: |$))\S{1,200}):(?: {1,40}|$)`;
/** Matches a line with a thread and a time, which can only be an event line. */
const SURE = new RegExp(
  String.raw`^ {0,40}(\S.{0,40}?) {1,20}${ID} {1,20}(?:${CPU})?(?:[A-Za-z]\S{0,9} {1,20})?${TIME}${PERIOD}(?:${EVENT})?`,
);
/**
 * Matches nearly any other line, because any line may be an event line. A number counts as a period only if the text
 * before it cannot be part of a comm.
 */
const DOUBTFUL = new RegExp(
  String.raw`^\s{0,40}(\S.{0,40}?)??(?:(?:^| {1,20})${ID}(?![\d.]))?(?:^| {1,20}|$)(?:(?:${CPU}|${TIME}){1,2}${PERIOD})?(?:${EVENT}|$)`,
);

export function readEventLine(line: string, form: 'sure' | 'doubtful'): EventLine | undefined {
  const match = (form === 'sure' ? SURE : DOUBTFUL).exec(line);
  if (!match) return undefined;
  const [text, comm = '', id, period, event = ''] = match;
  return {
    comm,
    id,
    period: period === undefined ? undefined : Number(period),
    event,
    tail: line.slice(text.length),
  };
}
