/** The event that triggers samples. */
export type SamplingEvent = 'cpu-clock' | 'timer-profile' | 'cpu-cycles';
/** The root frame of each stack. */
export type RootFrame = 'comm' | 'thread' | 'none';

/** Options for what to sample and how. Exactly one of `pid`, `pids`, `command` and `system` must be set. */
export interface ScriptOptions {
  /** The process to sample. */
  readonly pid?: number;
  /** The processes to sample. */
  readonly pids?: readonly number[];
  /** A command that stap starts and samples (stap's `-c`). */
  readonly command?: string;
  /** Sample all processes. @defaultValue false */
  readonly system?: boolean;
  /** Also sample the processes' descendants, except those whose parents have ended. @defaultValue false */
  readonly tree?: boolean;
  /** Duration of sampling in seconds. Optional with `command`, because sampling then ends with the command. */
  readonly seconds?: number;
  /** Sample what runs on the CPUs, or measure how long threads wait, in microseconds. @defaultValue 'on-cpu' */
  readonly kind?: 'on-cpu' | 'off-cpu';
  /** Record user stacks. @defaultValue true unless only `kernel` is requested */
  readonly user?: boolean;
  /** Record kernel stacks. @defaultValue true unless only `user` is requested */
  readonly kernel?: boolean;
  /**
   * Print each sample immediately, or count samples in the kernel and print the stacks with the most samples at the
   * end. @defaultValue 'stream', or 'aggregate' if `limit` is given and its tables fit `maxKernelMemory`
   */
  readonly mode?: 'stream' | 'aggregate';
  /** Number of stacks that are printed in 'aggregate' mode. @defaultValue 1024 */
  readonly limit?: number;
  /** Print framed records, or plain records that older folding tools can read. @defaultValue 'framed' */
  readonly format?: 'framed' | 'classic';
  /**
   * Print addresses instead of names. SystemTap's module then contains no symbols, and samples are a fifth as long.
   * Looking up names later requires the processes' maps. Only with kind 'on-cpu' and mode 'stream'. @defaultValue false
   */
  readonly addresses?: boolean;
  /** The root frame of each stack in 'stream' mode. @defaultValue 'comm', or 'none' with 'classic' */
  readonly root?: RootFrame;
  /** @defaultValue 'cpu-clock' */
  readonly event?: SamplingEvent;
  /** Samples per second on each CPU. @defaultValue 99 */
  readonly frequency?: number;
  /** Maximum number of frames in a user or kernel stack. @defaultValue 128, or 105 (the maximum) with `addresses` */
  readonly maxBacktrace?: number;
  /** Off-CPU: ignore waits shorter than this, in microseconds. @defaultValue 4 */
  readonly minWait?: number;
  /** Off-CPU: ignore waits longer than this, in microseconds. @defaultValue none */
  readonly maxWait?: number;
  /** Off-CPU: print the distribution of waits instead of stacks. @defaultValue false */
  readonly distribution?: boolean;
  /** Number of CPUs in the sampled machine; required for the estimate's totals. @defaultValue unknown */
  readonly cpus?: number;
  /** Limit on kernel memory in MiB, checked only if `cpus` is set. @defaultValue 256 */
  readonly maxKernelMemory?: number;
  /** Limit on trace text in MB per second, checked only if `cpus` is set. @defaultValue 32 */
  readonly maxRate?: number;
  /** Files whose symbols and unwind data are needed (`-d`). @defaultValue none */
  readonly modules?: readonly string[];
  /** The contents of the target's /proc/PID/maps. Each file mapped as code is added to `modules`. */
  readonly maps?: string;
  /**
   * Let stap add the libraries that `modules` are linked to. Use this only for modules that you trust: to find the
   * libraries, stap runs the dynamic loader that a module names, usually as root, so a malicious module can run any code.
   * @defaultValue true if `command` has modules
   */
  readonly ldd?: boolean;
  /**
   * A directory that contains the `modules` at the target's paths, for a target in a container or chroot whose files
   * differ from this machine's. @defaultValue the root directory
   */
  readonly sysroot?: string;
  /** Use the symbols of all kernel modules instead of only the kernel's. @defaultValue false */
  readonly allModules?: boolean;
  /**
   * The name of the machine, for the trace's header. A reader of the trace can add this name to stacks as the root
   * frame. @defaultValue none
   */
  readonly host?: string;
  /** Additional arguments for stap. They override the script's own `-DNAME=…`, `-s` and `-T`. @defaultValue none */
  readonly stapArguments?: readonly string[];
}

/** Documents an option for a CLI's help. */
export interface OptionDocumentation {
  readonly option: keyof ScriptOptions;
  readonly flag: string;
  readonly placeholder: string | undefined;
  readonly kind: 'integer' | 'integers' | 'text' | 'texts' | 'choice' | 'switch';
  readonly choices?: readonly string[];
  readonly default: string;
  readonly description: string;
}

const row = (
  option: keyof ScriptOptions,
  flag: string,
  placeholder: string | undefined,
  kind: OptionDocumentation['kind'],
  fallback: string,
  description: string,
): OptionDocumentation => ({ option, flag, placeholder, kind, default: fallback, description });

const choice = (
  option: keyof ScriptOptions,
  flag: string,
  choices: readonly string[],
  fallback: string,
  description: string,
): OptionDocumentation => ({
  ...row(option, flag, flag.slice(2), 'choice', fallback, description),
  choices,
});

/** All options, with their command-line flags. */
export const SCRIPT_OPTIONS: readonly OptionDocumentation[] = [
  row('pid', '-p, --pid', 'pid', 'integer', '', 'process to sample'),
  row('pids', '--pids', 'pid,…', 'integers', '', 'processes to sample'),
  row('command', '-c, --command', 'command', 'text', '', 'start a command and sample it'),
  row('system', '--system', undefined, 'switch', 'off', 'sample all processes'),
  row('tree', '--tree', undefined, 'switch', 'off', "also sample the processes' descendants"),
  row('seconds', '-t, --time', 'seconds', 'integer', '', 'how long to sample'),
  choice('kind', '--kind', ['on-cpu', 'off-cpu'], 'on-cpu', 'sample running threads, or measure waits'),
  row('user', '-u, --user', undefined, 'switch', 'both stacks', 'record user stacks'),
  row('kernel', '-k, --kernel', undefined, 'switch', 'both stacks', 'record kernel stacks'),
  choice(
    'mode',
    '--mode',
    ['stream', 'aggregate'],
    'stream',
    'print each sample, or count samples in the kernel',
  ),
  row(
    'limit',
    '-l, --limit',
    'n',
    'integer',
    '1024',
    'count in the kernel, and print only the n stacks with the most samples or the longest waits',
  ),
  choice(
    'format',
    '--format',
    ['framed', 'classic'],
    'framed',
    'classic: omit lines that older folding tools misread',
  ),
  row(
    'addresses',
    '--addresses',
    undefined,
    'switch',
    'off',
    'print only addresses; names are looked up later with the data from --save',
  ),
  choice(
    'root',
    '--root',
    ['comm', 'thread', 'none'],
    'comm',
    "root frame: the thread's name, its name and ID, or none",
  ),
  choice(
    'event',
    '--event',
    ['cpu-clock', 'timer-profile', 'cpu-cycles'],
    'cpu-clock',
    'event that triggers samples',
  ),
  row('frequency', '-F, --frequency', 'hz', 'integer', '99', 'samples per second on each CPU'),
  row('maxBacktrace', '--max-backtrace', 'frames', 'integer', '128', 'maximum number of frames per stack'),
  row('minWait', '--min', 'us', 'integer', '4', 'off-CPU: ignore shorter waits'),
  row('maxWait', '--max', 'us', 'integer', 'none', 'off-CPU: ignore longer waits'),
  row('distribution', '--distr', undefined, 'switch', 'off', 'off-CPU: print only the distribution of waits'),
  row('cpus', '--cpus', 'n', 'integer', 'unknown', 'number of CPUs, for the cost estimate'),
  row('maxKernelMemory', '--max-kernel-memory', 'MiB', 'integer', '256', 'limit on kernel memory'),
  row('maxRate', '--max-rate', 'MB/s', 'integer', '32', 'limit on trace text per second'),
  row('modules', '-d, --module', 'file', 'texts', '', 'use symbols and unwind data of this file'),
  row('maps', '--maps', 'file', 'text', '', 'use symbols of the files in this copy of /proc/PID/maps'),
  row(
    'ldd',
    '--ldd',
    undefined,
    'switch',
    'with -c and -d',
    "also use symbols of the modules' libraries; only for trusted modules",
  ),
  row(
    'sysroot',
    '--sysroot',
    'directory',
    'text',
    '',
    "directory that contains the modules at the target's paths",
  ),
  row('allModules', '--all-modules', undefined, 'switch', 'off', 'use symbols of all kernel modules'),
  row('stapArguments', '-a, --stap-arguments', 'arguments', 'texts', '', 'additional arguments for stap'),
];
