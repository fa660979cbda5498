import * as z from '#zod';
import { ScriptError } from './errors.ts';
import { ADDRESSES_OF_A_STRING } from './estimate.ts';
import { mappedFiles } from './maps.ts';
import { SCRIPT_OPTIONS, type RootFrame, type SamplingEvent, type ScriptOptions } from './options.ts';

/** The processes to sample. */
export type Target =
  | { readonly kind: 'pids'; readonly pids: readonly number[]; readonly tree: boolean }
  | { readonly kind: 'command'; readonly command: string; readonly tree: boolean }
  | { readonly kind: 'system' };

/** The options with all defaults filled in, except for `mode` and the buffer sizes, which depend on the estimate. */
export interface ResolvedOptions {
  readonly target: Target;
  readonly kind: 'on-cpu' | 'off-cpu';
  readonly seconds: number | undefined;
  readonly user: boolean;
  readonly kernel: boolean;
  readonly mode: 'stream' | 'aggregate' | undefined;
  readonly limit: number | undefined;
  readonly framed: boolean;
  readonly addresses: boolean;
  readonly root: RootFrame;
  readonly event: SamplingEvent;
  readonly frequency: number;
  readonly maxBacktrace: number;
  readonly minWait: number;
  readonly maxWait: number | undefined;
  readonly distribution: boolean;
  readonly cpus: number | undefined;
  /** In bytes. */
  readonly maxKernelMemory: number;
  /** In bytes per second. */
  readonly maxRate: number;
  readonly modules: readonly string[];
  readonly ldd: boolean;
  readonly sysroot: string | undefined;
  readonly allModules: boolean;
  readonly host: string | undefined;
  readonly stapArguments: readonly string[];
}

const MEBIBYTE = 2 ** 20;
const MOST_FRAMES = 128;
/** The maximum duration of a run: a week. */
const MAX_SECONDS = 7 * 86_400;

const whole = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.int({ error }).check(z.minimum(min, { error }), z.maximum(max, { error }));
};
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values as unknown as readonly [T[number], ...T[number][]], {
    error: `expected one of ${values.join(', ')}`,
  });
const flag = () => z.boolean({ error: 'expected true or false' });
/** Checks a string that is passed on as a program argument: it must not be empty or contain NUL. */
const argument = (what: string, pattern: RegExp) =>
  z
    .string({ error: `expected ${what}` })
    .check(z.maxLength(4096, { error: `expected ${what}` }), z.regex(pattern, { error: `expected ${what}` }));
const pid = () => whole(1, 4_194_304);

const schema = z.strictObject({
  pid: z.optional(pid()),
  pids: z.optional(
    z.array(pid(), { error: 'expected a list of process ids' }).check(z.minLength(1), z.maxLength(256)),
  ),
  command: z.optional(
    argument('a command line without NUL, at most 4096 characters', /^[^\0]*[^\0\s][^\0]*$/),
  ),
  system: z._default(flag(), false),
  tree: z._default(flag(), false),
  seconds: z.optional(whole(1, MAX_SECONDS)),
  kind: z._default(oneOf(['on-cpu', 'off-cpu']), 'on-cpu'),
  user: z.optional(flag()),
  kernel: z.optional(flag()),
  mode: z.optional(oneOf(['stream', 'aggregate'])),
  limit: z.optional(whole(1, 1_000_000)),
  format: z._default(oneOf(['framed', 'classic']), 'framed'),
  addresses: z._default(flag(), false),
  root: z.optional(oneOf(['comm', 'thread', 'none'])),
  event: z._default(oneOf(['cpu-clock', 'timer-profile', 'cpu-cycles']), 'cpu-clock'),
  frequency: z._default(whole(1, 10_000), 99),
  maxBacktrace: z.optional(whole(1, 1024)),
  minWait: z._default(whole(0, 1e12), 4),
  maxWait: z.optional(whole(1, 1e12)),
  distribution: z._default(flag(), false),
  cpus: z.optional(whole(1, 8192)),
  maxKernelMemory: z._default(whole(1, 1_048_576), 256),
  maxRate: z._default(whole(1, 100_000), 32),
  modules: z._default(
    z.array(argument('an absolute path without control characters', /^\/[^\p{Cc}]*$/u)),
    [],
  ),
  maps: z.optional(z.string({ error: 'expected the contents of /proc/PID/maps' })),
  ldd: z.optional(flag()),
  sysroot: z.optional(argument('an absolute path without control characters', /^\/[^\p{Cc}]*$/u)),
  allModules: z._default(flag(), false),
  host: z.optional(argument('the name or address of a machine', /^[A-Za-z0-9_.:%[\]-]{1,255}$/)),
  stapArguments: z._default(z.array(argument('arguments for stap without NUL', /^[^\0]+$/)), []),
});

/** Checks the options and fills in the defaults. Throws `INVALID_OPTIONS`. */
export function resolveOptions(options: ScriptOptions): ResolvedOptions {
  const result = schema.safeParse(options);
  if (!result.success) throw invalid(result.error.issues[0]!, options);
  const { pid, pids, command, system, tree, user, kernel, maps, format, root, ...rest } = result.data;
  const neither = !user && !kernel;
  const modules = [...new Set([...rest.modules, ...(maps === undefined ? [] : mappedFiles(maps))])];
  const resolved: ResolvedOptions = {
    ...rest,
    target: targetOf({ pid, pids, command, system, tree }),
    seconds: rest.seconds,
    user: neither || user === true,
    kernel: neither || kernel === true,
    mode: rest.mode,
    limit: rest.limit,
    framed: format === 'framed',
    root: root ?? (format === 'framed' ? 'comm' : 'none'),
    maxBacktrace: rest.maxBacktrace ?? (rest.addresses ? ADDRESSES_OF_A_STRING : MOST_FRAMES),
    maxWait: rest.maxWait,
    cpus: rest.cpus,
    host: rest.host,
    maxKernelMemory: rest.maxKernelMemory * MEBIBYTE,
    maxRate: rest.maxRate * 1e6,
    modules,
    // To find libraries, stap runs the loader of each module, usually as root, and the loader runs code that the module
    // names (DT_AUDIT). By default, this is done only for a command, which is executed anyway, because the modules of a
    // running process may belong to any user. With a sysroot, the loader would find this machine's libraries.
    ldd: rest.ldd ?? (command !== undefined && modules.length > 0 && rest.sysroot === undefined),
    sysroot: rest.sysroot,
  };
  refuseContradictions(resolved);
  return resolved;
}

function targetOf(given: {
  pid: number | undefined;
  pids: readonly number[] | undefined;
  command: string | undefined;
  system: boolean;
  tree: boolean;
}): Target {
  const { pid, pids, command, system, tree } = given;
  const named = [pid !== undefined, pids !== undefined, command !== undefined, system];
  if (named.filter(Boolean).length !== 1)
    throw contradiction(
      'pid',
      `expected one of pid, pids, command and system, got ${named.filter(Boolean).length}; set exactly one`,
    );
  if (command !== undefined) return { kind: 'command', command, tree };
  if (system) {
    if (tree) throw contradiction('tree', 'this has no effect if all processes are sampled; leave it out');
    return { kind: 'system' };
  }
  return { kind: 'pids', pids: pids ? [...new Set(pids)] : [pid!], tree };
}

function refuseContradictions(options: ResolvedOptions): void {
  if (options.seconds === undefined && options.target.kind !== 'command')
    throw contradiction('seconds', `expected a whole number of seconds from 1 to ${MAX_SECONDS}, got none`);
  if (options.sysroot !== undefined && options.kind === 'off-cpu')
    throw contradiction(
      'sysroot',
      'this prevents stap from finding the kernel functions that off-CPU sampling needs; leave it out',
    );
  if (options.target.kind === 'command' && options.mode === 'aggregate' && options.user && !options.seconds)
    throw contradiction(
      'mode',
      'the user frames of a command cannot be named after it has ended; add seconds so that sampling ends before the ' +
        'command, request only kernel stacks, or leave out mode aggregate',
    );
  if (options.addresses) refuseWithAddresses(options);
  if (options.distribution && (options.mode === 'aggregate' || options.limit !== undefined))
    throw contradiction(
      'distribution',
      'the distribution is printed without stacks; leave out both limit and mode aggregate',
    );
  if (options.distribution && options.kind === 'on-cpu')
    throw contradiction('distribution', 'only waits have a distribution; add kind off-cpu');
  if (options.maxWait !== undefined && options.maxWait < options.minWait)
    throw contradiction('maxWait', `expected at least minWait (${options.minWait}), got ${options.maxWait}`);
}

function refuseWithAddresses({ kind, mode, limit, framed, maxBacktrace }: ResolvedOptions): void {
  if (kind === 'off-cpu')
    throw contradiction(
      'addresses',
      'waits are always printed with names; leave out either addresses or kind off-cpu',
    );
  if (mode === 'aggregate' || limit !== undefined)
    throw contradiction(
      'addresses',
      'addresses can only be printed sample by sample; leave out both limit and mode aggregate',
    );
  if (!framed)
    throw contradiction(
      'addresses',
      'older folding tools cannot look up names for addresses; leave out format classic',
    );
  if (maxBacktrace > ADDRESSES_OF_A_STRING)
    throw contradiction(
      'maxBacktrace',
      `expected at most ${ADDRESSES_OF_A_STRING} with addresses, got ${maxBacktrace}; use a lower number`,
    );
}

function contradiction(option: keyof ScriptOptions, text: string): ScriptError {
  return new ScriptError('INVALID_OPTIONS', `${option}: ${text}`, { option });
}

function invalid(issue: z.core.$ZodIssue, options: unknown): ScriptError {
  if (issue.code === 'unrecognized_keys') {
    const known = SCRIPT_OPTIONS.map(({ option }) => option).join(', ');
    return new ScriptError(
      'INVALID_OPTIONS',
      `${String(issue.keys[0]).slice(0, 60)}: there is no such option; expected one of ${known}`,
      { option: String(issue.keys[0]) },
    );
  }
  const name = issue.path.join('.');
  const value = issue.path.reduce<unknown>(
    (object, key) => (object as Record<PropertyKey, unknown>)[key],
    options,
  );
  const text = `${name || 'options'}: ${issue.message}, got ${shown(value)}; change it or leave it out`;
  return new ScriptError('INVALID_OPTIONS', text, { option: name });
}

/** Formats any value for a message. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (value === null || ['number', 'boolean', 'undefined', 'bigint'].includes(typeof value))
    return `${value as number}`;
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}
