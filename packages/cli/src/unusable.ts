import type { ParserSummary } from '@stapflame/stap-parser';
import { CliError, Exit } from './exit.ts';
import type { Input } from './io/inputs.ts';

/** Refuses an input in which no record could be read, and says what it seems to be instead. */
export function refuseUnusable(trace: ParserSummary, inputs: readonly Input[]): void {
  if (trace.whole > 0) return;
  const names = inputs.map(({ name }) => name).join(', ');
  throw new CliError(Exit.DATA, `nothing usable in ${names}: ${explain(trace, inputs)}`);
}

function explain(trace: ParserSummary, inputs: readonly Input[]): string {
  const ended = inputs.find(({ brokenOff }) => brokenOff !== undefined)?.brokenOff;
  if (trace.bytes === 0) {
    if (ended !== undefined) return ended;
    return 'the trace is empty; was the process there, did it run on a CPU, and did stap print an error on stderr?';
  }
  const [damage] = trace.damage;
  if (isEmptyTrace(trace, inputs)) return 'no samples, the target was idle or had ended while it was sampled';
  const kind = inputs.map(({ head }) => recognise(head)).find((found) => found !== undefined);
  if (kind) return kind;
  if (damage) {
    return `${trace.damaged} records, all of them damaged, the first at byte ${damage.offset} (${damage.reason}); sample again`;
  }
  if (trace.truncated > 0) {
    return 'there are frames but no count lines (TAB, number); if each sample stands alone, separated by blank lines, use --blank-separated';
  }
  return 'no frames of SystemTap and no count lines (TAB, number); is it a trace?';
}

/** A trace of our own scripts from its header to its trailer, with nothing in between but signs of life. */
function isEmptyTrace(trace: ParserSummary, inputs: readonly Input[]): boolean {
  const begun = inputs.some(
    ({ head }) => new TextDecoder().decode(head.subarray(0, 14)) === '# stapflame 1 ',
  );
  return begun && trace.complete && trace.records === 0;
}

const FOLDED = /^[^\t\n ][^\t\n]* \d+(?:\.\d+)?$/m;

/** What the input seems to be, from its first bytes, as a sentence that says what to do. */
function recognise(head: Uint8Array): string | undefined {
  const [first, second] = head;
  if (first === 0x1f && second === 0x8b)
    return 'it is compressed by gzip within another compression; unpack it first';
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return 'it is UTF-16 text; save it as UTF-8';
  }
  if (first === 0x7f && second === 0x45) return 'it is an ELF file, a program and not a trace';
  const text = new TextDecoder().decode(head).trimStart();
  if (text.startsWith('PERFILE2'))
    return 'it is perf.data; perf script prints it, but stapflame reads SystemTap only';
  if (text.startsWith('<')) return 'it is XML, perhaps a flame graph already';
  if (/^[[{]\s*["{[]/.test(text)) return 'it is JSON';
  if (/^\S.*\s+\d+\s+(?:\[\d+\]\s+)?[\d.]+:\s+(?:\d+ )?\S+:/.test(text))
    return 'it looks like the output of perf script';
  const lines = text.split('\n').slice(0, -1);
  const stacks = lines.filter((line) => !line.startsWith('#'));
  if (stacks.length > 0 && stacks.every((line) => FOLDED.test(line))) {
    return 'it is folded stacks, use render';
  }
  return undefined;
}
