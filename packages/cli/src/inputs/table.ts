import type { TraceFlags } from '../commands/trace-options.ts';
import type { InputKind, ReadableKind } from './input.ts';

const FOLDED_LINE = /^[^\t\n ][^\t\n]* \d+(?:\.\d*)?(?:e[-+]?\d+)?$/im;
const FRAME_LINE =
  /^[ \t]*0x[0-9a-f]+(?: : | \[)|^ 0x[0-9a-f]+$|^[^;\n]+\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)? \[.+\]$/m;
/** Matches messages from stap, from programs that it starts, and from programs that start it. */
const MESSAGE =
  /^(?:(?:WARNING|Warning|ERROR|error|(?:semantic|parse) error|sudo|ssh|make(?:\[\d+\])?): |stap(?:io|run)?:|Pass [0-5]: |In file included from |The kernel on your system|Invalid target|Missing separate debuginfos|\S+: not found$)/m;
/** Matches the first line of a trace that our scripts printed. */
const HEADER = /^# stapflame 1 /;

/** SystemTap traces. */
export const STAP: ReadableKind<TraceFlags> = {
  name: 'a SystemTap trace',
  word: 'stap',
  recognise: (_, text) => HEADER.test(text) || FRAME_LINE.test(text),
  advice: 'use flame, or fold it first',
  open: async (sources, flags) => (await import('./stap.ts')).openTraces(sources, flags),
};

/** Matches a line of a bpftrace map, as text or as JSON (`-f json`). */
const BPFTRACE_MAP = /^@\w*\[|^\{"type": "(?:attached_probes|map)", /m;

/** bpftrace maps. */
const BPFTRACE: ReadableKind<TraceFlags> = {
  name: 'bpftrace output',
  word: 'bpftrace',
  recognise: (_, text) => BPFTRACE_MAP.test(text),
  advice: 'use flame, or fold it first',
  open: async (sources, flags) => (await import('./bpftrace.ts')).openBpftrace(sources, flags),
};

/** Matches a frame in the output of perf script: TAB, then an address in sixteen columns. */
const PERF_FRAME = /^\t(?=.{16} ) *[0-9a-f]{1,16} \S/m;
const PERF_SAMPLE =
  /^ {0,40}\S.{0,40}? {1,20}-?\d{1,10}(?:\/-?\d{1,10})? {1,20}(?:\[\d+\] +)?(?:[A-Za-z]\S* +)?\d+\.\d+: {1,40}(?:\d+ +)?\S+:/m;
/** Matches a heading without a time and the frame below it, which need not be indented. */
const PERF_UNTIMED = /^\S.*:[ \t]*\n[ \t]*[0-9a-f]+ .+ \(.*\)\r?$/m;

/** perf script output. */
const PERF: ReadableKind<TraceFlags> = {
  name: 'perf script output',
  word: 'perf',
  recognise: (_, text) => [PERF_FRAME, PERF_SAMPLE, PERF_UNTIMED].some((form) => form.test(text)),
  advice: 'use flame, or fold it first',
  open: async (sources, flags) => (await import('./perf.ts')).openPerf(sources, flags),
};

const DTRACE_HEADER = /^ *CPU +ID +FUNCTION:NAME *$/m;
const DTRACE_FRAME = /^ {10,}[^\s`]+`\S/m;

/** DTrace aggregations. */
const DTRACE: ReadableKind<TraceFlags> = {
  name: 'DTrace output',
  word: 'dtrace',
  recognise: (_, text) => DTRACE_HEADER.test(text) || DTRACE_FRAME.test(text),
  advice: 'use flame, or fold it first',
  open: async (sources, flags) => (await import('./dtrace.ts')).openDtrace(sources, flags),
};

/** Folded stacks. */
export const FOLDED: ReadableKind = {
  name: 'folded stacks',
  word: 'folded',
  recognise: (_, text) => {
    const lines = text.split('\n').slice(0, -1);
    const stacks = lines.filter((line) => !line.startsWith('#'));
    return stacks.length > 0 && stacks.every((line) => FOLDED_LINE.test(line));
  },
  advice: 'use render',
  open: async (sources) => (await import('./folded.ts')).openFolded(sources),
};

/** The kinds of input that `parse`, `fold`, `flame` and `doctor` read. Unrecognised input is read as the first kind. */
export const TRACES: readonly ReadableKind<TraceFlags>[] = [STAP, BPFTRACE, PERF, DTRACE];

/**
 * The kinds of input that the table commands and `diff` read. A single frame is enough to recognise a trace. Text is
 * recognised as folded only if every line is a stack.
 */
export const STACKS: readonly ReadableKind<TraceFlags>[] = [FOLDED, ...TRACES];

const startsWith =
  (...bytes: readonly number[]) =>
  (head: Uint8Array): boolean =>
    bytes.every((byte, i) => head[i] === byte);

/**
 * All known kinds of input. Those that are recognised most reliably come first. Kinds that no command can read have
 * advice on what to do instead.
 */
const INPUTS: readonly InputKind[] = [
  {
    name: 'compressed twice',
    recognise: startsWith(0x1f, 0x8b),
    advice: 'decompress it first',
  },
  {
    name: 'compressed by bzip2',
    recognise: startsWith(0x42, 0x5a, 0x68),
    advice: 'decompress it: bzip2 -dc FILE | stapflame …',
  },
  {
    name: 'compressed by xz',
    recognise: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
    advice: 'decompress it: xz -dc FILE | stapflame …',
  },
  {
    name: 'a pprof profile',
    // A pprof profile begins with a sample type or, if stapflame wrote it, with a mapping. In both, the first value is
    // a number.
    recognise: (head) => (head[0] === 0x0a || head[0] === 0x1a) && head[1]! < 0x20 && head[2] === 0x08,
    advice: 'open it with go tool pprof -http :, or use the trace from which it was made',
  },
  {
    name: 'UTF-16 text',
    recognise: (head) => startsWith(0xff, 0xfe)(head) || startsWith(0xfe, 0xff)(head),
    advice: 'save it as UTF-8',
  },
  {
    name: 'an ELF file',
    recognise: startsWith(0x7f, 0x45, 0x4c, 0x46),
    advice: 'a program cannot be read as a trace; sample it with stapflame record -c',
  },
  {
    name: 'perf.data',
    recognise: (_, text) => text.startsWith('PERFILE2'),
    advice: 'convert it with perf script: perf script -i FILE | stapflame flame -o flame.svg',
  },
  {
    name: 'an SVG',
    recognise: (_, text) => /^<(?:\?xml[^]*<)?svg[\s>]/.test(text),
    advice: 'open it in a browser',
  },
  {
    name: 'XML',
    recognise: (_, text) => text.startsWith('<'),
    advice: 'if it is a flame graph, open it in a browser',
  },
  ...TRACES,
  {
    name: 'JSON',
    recognise: (_, text) => /^[[{]\s*["{[]/.test(text),
    advice: 'use the trace from which it was made',
  },
  {
    name: 'output of sample (macOS)',
    recognise: (_, text) => /^Analysis of sampling |^Call graph:$/m.test(text),
    advice: 'fold it with stackcollapse-sample.awk, and draw the result with render',
  },
  {
    name: 'a Java thread dump',
    recognise: (_, text) => /^Full thread dump |^ {3}java\.lang\.Thread\.State: /m.test(text),
    advice: 'fold it with stackcollapse-jstack.pl, and draw the result with render',
  },
  FOLDED,
  {
    name: 'stderr output from SystemTap',
    recognise: (_, text) => MESSAGE.test(text),
    advice:
      'stapflame doctor --stderr FILE explains the messages; if none of them reports a failure, the target was idle, or another process did the work',
  },
];

/** Whether the first line of an input shows that our scripts printed it. */
export function isOwnTrace(head: Uint8Array): boolean {
  return HEADER.test(new TextDecoder().decode(head));
}

/** Recognises the kind of an input by its first bytes. */
export function recognise(head: Uint8Array): InputKind | undefined {
  const text = new TextDecoder().decode(head).replace(/^\s*\n/, '');
  return INPUTS.find((kind) => kind.recognise(head, text));
}

/** Returns which of the given kinds an input seems to be, or `undefined` if it seems to be none of them. */
export function kindAmong<Flags>(
  kinds: readonly ReadableKind<Flags>[],
  head: Uint8Array,
): ReadableKind<Flags> | undefined {
  const found = recognise(head);
  return kinds.find((kind) => kind === found);
}
