import type { Kind } from '../generate/kinds.ts';

type Source = 'file' | 'packed' | 'halves' | 'stdin' | 'pipe' | 'made';

/** The input of an entry: a trace of this kind and size, and the way to feed it. */
export interface Feed {
  readonly kind: Kind;
  readonly source: Source;
  readonly size: number;
  /** Maximum number of bytes per write, if the trace is made on the fly. */
  readonly chunk?: number;
  readonly alone?: true;
}

/** One run of a row: the program, and its input. */
interface Entry {
  readonly name: string;
  readonly who: 'ours' | 'two of ours' | 'library' | 'floor' | 'inferno' | 'peers';
  readonly feed: Feed;
  /** Further arguments of the command, before the file. */
  readonly flags?: readonly string[];
  /** The kind of output, if it is not folded text. */
  readonly output?: 'profile';
  readonly exitCode: number;
}

/** A target for the medians of one entry: a limit relative to another entry, or a fixed one. */
export interface Target {
  readonly entry: string;
  readonly quantity: 'cpu' | 'wall' | 'rss';
  /** `at most × other + plus`; without `other`, at most `plus`. Seconds or bytes. */
  readonly other?: string;
  readonly times?: number;
  readonly plus?: number;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  readonly entries: (sizes: Sizes) => readonly Entry[];
  readonly targets: (sizes: Sizes) => readonly Target[];
}

export interface Sizes {
  readonly size: number;
  readonly big: number;
}

const MIB = 2 ** 20;
/** The peak memory that a whole process may use, as documented. */
export const MOST_MEMORY: number = 96 * MIB;

function folding(kind: Kind, title: string, timesPerl?: number, timesFloor?: number): Row {
  return {
    name: kind,
    title,
    entries: ({ size }) => {
      const feed = { kind, source: 'file', size } as const;
      return [
        { name: 'ours', who: 'ours', feed, exitCode: 0 },
        { name: 'newline count', who: 'floor', feed, exitCode: 0 },
        { name: 'peers', who: 'peers', feed, exitCode: 0 },
      ];
    },
    targets: () => [
      ...(timesPerl
        ? [{ entry: 'ours', quantity: 'cpu', other: 'Perl', times: 1 / timesPerl } as const]
        : []),
      ...(timesFloor
        ? [{ entry: 'ours', quantity: 'cpu', other: 'newline count', times: timesFloor } as const]
        : []),
      { entry: 'ours', quantity: 'rss', plus: MOST_MEMORY },
    ],
  };
}

/** Output of `perf script`, compared with inferno, with one thread and with two. */
function foldingPerf(kind: Kind, title: string, timesInferno: number): Row {
  return {
    name: kind,
    title,
    entries: ({ size }) => {
      const feed = { kind, source: 'file', size } as const;
      return [
        { name: 'ours', who: 'ours', feed, flags: ['--jobs', '1'], exitCode: 0 },
        { name: 'inferno', who: 'inferno', feed, flags: ['-n', '1'], exitCode: 0 },
        { name: 'ours, 2 threads', who: 'ours', feed, flags: ['--jobs', '2'], exitCode: 0 },
        { name: 'inferno, 2 threads', who: 'inferno', feed, flags: ['-n', '2'], exitCode: 0 },
      ];
    },
    targets: () => [
      { entry: 'ours', quantity: 'cpu', other: 'inferno', times: timesInferno },
      { entry: 'ours, 2 threads', quantity: 'wall', other: 'inferno, 2 threads', times: 1 },
      { entry: 'ours', quantity: 'rss', plus: MOST_MEMORY },
    ],
  };
}

const PROFILES = ['pprof', 'speedscope', 'firefox'] as const;
/** The memory that a process writing a profile of any size may use. */
const MOST_PROFILE_MEMORY = 128 * MIB;

/** Profiles for other viewers, with all stacks distinct: their text must not accumulate in memory. */
function profiles(kind: Kind, title: string): Row {
  return {
    name: 'profiles',
    title,
    entries: ({ size }) =>
      PROFILES.map((format) => ({
        name: format,
        who: 'ours',
        feed: { kind, source: 'file', size },
        flags: ['--output-format', format],
        output: 'profile',
        exitCode: 0,
      })),
    targets: () => PROFILES.map((entry) => ({ entry, quantity: 'rss', plus: MOST_PROFILE_MEMORY })),
  };
}

/** A trace compared with one program's trace, without peers, which may be unable to read it (host prefixes). */
function besideOneProgram(kind: Kind, title: string, timesOne: number): Row {
  return {
    name: kind,
    title,
    entries: ({ size }) => {
      const feed = { kind, source: 'file', size } as const;
      return [
        { name: 'ours', who: 'ours', feed, exitCode: 0 },
        { name: 'one program', who: 'ours', feed: { ...feed, kind: 'low' }, exitCode: 0 },
        { name: 'newline count', who: 'floor', feed, exitCode: 0 },
      ];
    },
    targets: () => [
      { entry: 'ours', quantity: 'cpu', other: 'one program', times: timesOne },
      { entry: 'ours', quantity: 'rss', plus: MOST_MEMORY },
    ],
  };
}

/** A trace with more names than one program has, compared with one program's trace. */
function manyNames(kind: Kind, title: string, timesOne: number, timesPerl?: number): Row {
  const row = besideOneProgram(kind, title, timesOne);
  return {
    ...row,
    entries: (sizes) => [
      ...row.entries(sizes),
      { name: 'peers', who: 'peers', feed: { kind, source: 'file', size: sizes.size }, exitCode: 0 },
    ],
    targets: (sizes) => [
      ...row.targets(sizes),
      ...(timesPerl
        ? [{ entry: 'ours', quantity: 'cpu', other: 'Perl', times: 1 / timesPerl } as const]
        : []),
    ],
  };
}

/** A trace that is never stored in a file, in two sizes: memory must not grow with its length. */
function made(name: string, kind: Kind, title: string): Row {
  return {
    name,
    title,
    entries: ({ size, big }) => [
      { name: 'small', who: 'ours', feed: { kind, source: 'made', size }, exitCode: 0 },
      { name: 'big', who: 'ours', feed: { kind, source: 'made', size: big }, exitCode: 0 },
    ],
    targets: () => [
      { entry: 'big', quantity: 'rss', plus: MOST_MEMORY },
      { entry: 'big', quantity: 'rss', other: 'small', times: 1, plus: 8 * MIB },
    ],
  };
}

/** A hostile trace in full size and in half: if the time more than doubles, it is not linear. */
function hostile(kind: Kind, title: string, size: number, chunk?: number): Row {
  const feed = { kind, source: chunk === undefined ? 'file' : 'made', ...(chunk ? { chunk } : {}) } as const;
  return {
    name: kind,
    title,
    entries: () => [
      { name: 'half', who: 'ours', feed: { ...feed, size: size / 2 }, exitCode: 75 },
      { name: 'whole', who: 'ours', feed: { ...feed, size }, exitCode: 75 },
      { name: 'nothing else', who: 'ours', feed: { ...feed, size, alone: true }, exitCode: 65 },
    ],
    targets: () => [
      // a tenth of a second for startup and noise, because these runs are short
      { entry: 'whole', quantity: 'cpu', other: 'half', times: 2, plus: 0.1 },
      { entry: 'whole', quantity: 'rss', plus: MOST_MEMORY },
    ],
  };
}

/** A trace too large to store, so made on the fly: complete records must be folded in bounded memory. */
function extreme(name: string, kind: Kind, title: string, size: number, exitCode: number): Row {
  return {
    name,
    title,
    entries: () => [{ name: 'ours', who: 'ours', feed: { kind, source: 'made', size }, exitCode }],
    targets: () => [{ entry: 'ours', quantity: 'rss', plus: MOST_MEMORY }],
  };
}

/** The memory that a process with two threads may use. */
const MOST_MEMORY_OF_TWO = 192 * MIB;

/**
 * One file read by two threads, compared with two processes that read one half each, the best that two processors can
 * achieve.
 */
function inThreads(kind: Kind, title: string, timesTwo: number, timesFloor?: number): Row {
  return {
    name: `jobs-${kind}`,
    title,
    entries: ({ size }) => {
      const feed = { kind, source: 'file', size } as const;
      const halves = { ...feed, source: 'halves' } as const;
      return [
        { name: 'two processes', who: 'two of ours', feed: halves, exitCode: 0 },
        { name: '--jobs 2', who: 'ours', feed, flags: ['--jobs', '2'], exitCode: 0 },
        { name: '--jobs 1', who: 'ours', feed, exitCode: 0 },
        { name: 'newline count', who: 'floor', feed, exitCode: 0 },
        { name: 'peers', who: 'peers', feed, exitCode: 0 },
      ];
    },
    targets: () => [
      { entry: '--jobs 2', quantity: 'wall', other: 'two processes', times: timesTwo },
      { entry: '--jobs 2', quantity: 'cpu', other: 'two processes', times: 1.1 },
      { entry: '--jobs 2', quantity: 'rss', plus: MOST_MEMORY_OF_TWO },
      { entry: '--jobs 2', quantity: 'wall', other: 'Perl', times: 1 / 15 },
      ...(timesFloor
        ? [{ entry: '--jobs 1', quantity: 'cpu', other: 'newline count', times: timesFloor } as const]
        : []),
    ],
  };
}

/** Rows that take minutes. They run only if they are named. */
export const LONG_ROWS: readonly Row[] = [
  extreme('longest-line', 'long-line', '1 GiB in one line', 2 ** 30, 75),
  extreme('deepest-record', 'deep-record', 'a record of ten million frames, 900 MiB', 900 * MIB, 75),
  extreme('shallow', 'shallow', 'more than 100 million records of one frame, 10 GiB', 10 * 2 ** 30, 0),
  profiles('distinct', 'all stacks distinct, to pprof, speedscope and the Firefox Profiler'),
  made('endless-names', 'new-names', 'made on the fly and piped in, a new name in every stack'),
  {
    name: 'single-bytes',
    title: '16 MiB in writes of one byte',
    entries: () => [
      { name: 'file', who: 'ours', feed: { kind: 'low', source: 'file', size: 16 * MIB }, exitCode: 0 },
      {
        name: 'byte by byte',
        who: 'ours',
        feed: { kind: 'low', source: 'made', size: 16 * MIB, chunk: 1 },
        exitCode: 0,
      },
    ],
    targets: () => [{ entry: 'byte by byte', quantity: 'rss', plus: MOST_MEMORY }],
  },
];

export const ROWS: readonly Row[] = [
  folding('low', '20 000 distinct stacks', 25, 2.5),
  folding('distinct', 'all stacks distinct', 20),
  folding('sliding', 'sliding addresses, every process loaded elsewhere', 10),
  folding('framed', 'framed samples of the streaming dialect'),
  inThreads('low', '20 000 distinct stacks, by two threads', 1.1, 2.6),
  inThreads('distinct', 'all stacks distinct, by two threads', 1.2),
  foldingPerf('perf-low', 'text of perf script, 20 000 distinct stacks', 0.4),
  foldingPerf('perf-distinct', 'text of perf script, all stacks distinct', 0.45),
  manyNames('programs-16', '16 programs, interleaved', 2, 6),
  manyNames('programs-64', '64 programs, interleaved', 3, 5),
  manyNames('programs-1000', '1000 programs of 500 functions, interleaved', 3),
  manyNames('new-names', 'a new name in every stack', 5),
  manyNames('threads', '50 000 threads as roots', 1.5),
  besideOneProgram('hosts-4', 'one program, by four hosts in prefixes', 1.5),
  besideOneProgram('hosts-40', 'one program, by forty hosts in prefixes', 1.5),
  {
    name: 'packed',
    title: '20 000 distinct stacks, compressed with gzip',
    entries: ({ size }) => [
      { name: 'file', who: 'ours', feed: { kind: 'low', source: 'file', size }, exitCode: 0 },
      { name: 'packed', who: 'ours', feed: { kind: 'low', source: 'packed', size }, exitCode: 0 },
    ],
    targets: () => [{ entry: 'packed', quantity: 'rss', plus: MOST_MEMORY }],
  },
  {
    name: 'sources',
    title: '20 000 distinct stacks by file, `< file` and pipe',
    entries: ({ size }) => [
      { name: 'file', who: 'ours', feed: { kind: 'low', source: 'file', size }, exitCode: 0 },
      { name: '< file', who: 'ours', feed: { kind: 'low', source: 'stdin', size }, exitCode: 0 },
      { name: 'pipe', who: 'ours', feed: { kind: 'low', source: 'pipe', size }, exitCode: 0 },
    ],
    targets: ({ size }) => [
      { entry: '< file', quantity: 'cpu', other: 'file', times: 1.1 },
      { entry: 'pipe', quantity: 'cpu', other: 'file', times: 1, plus: size / 2 ** 30 },
    ],
  },
  made('big', 'low', 'made on the fly and piped in, 20 000 distinct stacks'),
  made('big-distinct', 'distinct', 'made on the fly and piped in, all stacks distinct'),
  {
    name: 'library',
    title: 'parser and folder as Transforms in a plain pipeline',
    entries: ({ size }) => [
      {
        name: 'command line',
        who: 'ours',
        feed: { kind: 'low', source: 'file', size },
        flags: ['--no-demangle'],
        exitCode: 0,
      },
      { name: 'library', who: 'library', feed: { kind: 'low', source: 'file', size }, exitCode: 0 },
    ],
    targets: () => [{ entry: 'library', quantity: 'cpu', other: 'command line', times: 1.6 }],
  },
  hostile('long-line', '64 MiB in one line', 64 * MIB),
  hostile('wide-lines', 'lines of 16 MiB in 16 KiB chunks, 128 MiB', 128 * MIB, 16 * 1024),
  hostile('deep-record', 'a record of a million frames, 96 MiB', 96 * MIB),
];
