/** The clock that interrupts the CPUs. */
export type SamplingEvent = 'cpu-clock' | 'timer-profile' | 'cpu-cycles';
/** The root frame of each stack. */
export type RootFrame = 'comm' | 'thread' | 'none';

/** What to sample, and how. One of `pid`, `pids`, `command` and `system` selects the processes. */
export interface ScriptOptions {
  /** The process to sample. */
  readonly pid?: number;
  /** Several processes. */
  readonly pids?: readonly number[];
  /** A command that stap starts and samples, like stap's `-c`. */
  readonly command?: string;
  /** Every process. @defaultValue false */
  readonly system?: boolean;
  /** Also sample the processes' descendants, as long as their parents live. @defaultValue false */
  readonly tree?: boolean;
  /** How long to sample, in seconds. Required, except with `command`: sampling then ends with the command. */
  readonly seconds?: number;
  /** Sample time on the CPUs, or time waiting off them (microseconds instead of samples). @defaultValue 'on-cpu' */
  readonly kind?: 'on-cpu' | 'off-cpu';
  /** User stacks. @defaultValue true unless only `kernel` is requested */
  readonly user?: boolean;
  /** Kernel stacks. @defaultValue true unless only `user` is requested */
  readonly kernel?: boolean;
  /**
   * Print each sample as it happens, or count in the kernel and print the stacks with the most samples at the end.
   * @defaultValue 'stream', or 'aggregate' if `limit` is given and its tables fit `maxKernelMemory`
   */
  readonly mode?: 'stream' | 'aggregate';
  /** The number of stacks that 'aggregate' prints. @defaultValue 1024 */
  readonly limit?: number;
  /** Lines that prove that a record is complete, or plain records for older folders. @defaultValue 'framed' */
  readonly format?: 'framed' | 'classic';
  /**
   * Print addresses without names: the module that SystemTap makes contains no symbols, and a sample needs a fifth of
   * the text. To find names when the trace is read, the maps of the processes are needed. On-CPU and 'stream' only.
   * @defaultValue false
   */
  readonly addresses?: boolean;
  /** The root frame of each stack, in 'stream' mode. @defaultValue 'comm', and 'none' with 'classic' */
  readonly root?: RootFrame;
  /** @defaultValue 'cpu-clock' */
  readonly event?: SamplingEvent;
  /** Samples a second on each CPU. @defaultValue 99 */
  readonly frequency?: number;
  /** The most frames of a user or a kernel stack. @defaultValue 128, and 105 with `addresses`, because no more fit */
  readonly maxBacktrace?: number;
  /** Off-CPU: shortest wait that counts, in microseconds. @defaultValue 4 */
  readonly minWait?: number;
  /** Off-CPU: longest wait that counts, in microseconds. @defaultValue none */
  readonly maxWait?: number;
  /** Off-CPU: print only the distribution of waits, no stacks. @defaultValue false */
  readonly distribution?: boolean;
  /** Number of CPUs of the sampled machine; totals of the estimate need it. @defaultValue unknown */
  readonly cpus?: number;
  /** Kernel memory that may be used, in MiB; needs `cpus`. @defaultValue 256 */
  readonly maxKernelMemory?: number;
  /** Trace text that may be written, in MB a second; needs `cpus`. @defaultValue 32 */
  readonly maxRate?: number;
  /** Files whose symbols and unwind data are needed (`-d`). @defaultValue none */
  readonly modules?: readonly string[];
  /** Text of the target's /proc/PID/maps: each file that is mapped as code is added to `modules`. */
  readonly maps?: string;
  /**
   * Let stap add the libraries that `modules` are linked to. It asks the loader, which runs code that a module names,
   * usually as root: use it only for modules that you trust. @defaultValue true if `command` has modules
   */
  readonly ldd?: boolean;
  /**
   * A directory with the `modules` at the paths where the target sees them: for a target in a container
   * or chroot, whose files are not this machine's. @defaultValue the root directory
   */
  readonly sysroot?: string;
  /** Symbols of all kernel modules, not only of the kernel. @defaultValue false */
  readonly allModules?: boolean;
  /** The name of the machine, for the header of the trace: a reader can make it the root frame. @defaultValue none */
  readonly host?: string;
  /** Further arguments for stap. Your `-DNAME=…` and `-s` replace those of the script. @defaultValue none */
  readonly stapArguments?: readonly string[];
}

/** The documentation of an option, for a command line. */
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

/** Every option, as a command line offers it. */
export const SCRIPT_OPTIONS: readonly OptionDocumentation[] = [
  row('pid', '-p, --pid', 'pid', 'integer', '', 'process to sample'),
  row('pids', '--pids', 'pid,…', 'integers', '', 'several processes'),
  row('command', '-c, --command', 'command', 'text', '', 'start a command and sample it'),
  row('system', '--system', undefined, 'switch', 'off', 'sample every process'),
  row('tree', '--tree', undefined, 'switch', 'off', "also sample the processes' descendants"),
  row('seconds', '-t, --time', 'seconds', 'integer', '', 'how long to sample'),
  choice('kind', '--kind', ['on-cpu', 'off-cpu'], 'on-cpu', 'time on the CPUs, or waiting'),
  row('user', '-u, --user', undefined, 'switch', 'both stacks', 'user stacks'),
  row('kernel', '-k, --kernel', undefined, 'switch', 'both stacks', 'kernel stacks'),
  choice('mode', '--mode', ['stream', 'aggregate'], 'stream', 'print each sample, or count in the kernel'),
  row(
    'limit',
    '-l, --limit',
    'n',
    'integer',
    '1024',
    'count in the kernel; print the n most frequent stacks, or those that waited longest',
  ),
  choice(
    'format',
    '--format',
    ['framed', 'classic'],
    'framed',
    'classic: no lines that older folders misread',
  ),
  row(
    'addresses',
    '--addresses',
    undefined,
    'switch',
    'off',
    'print addresses only: names are looked up later, in what --save wrote',
  ),
  choice('root', '--root', ['comm', 'thread', 'none'], 'comm', 'root frame: name, name and thread, or none'),
  choice(
    'event',
    '--event',
    ['cpu-clock', 'timer-profile', 'cpu-cycles'],
    'cpu-clock',
    'what triggers a sample',
  ),
  row('frequency', '-F, --frequency', 'hz', 'integer', '99', 'samples a second on each CPU'),
  row('maxBacktrace', '--max-backtrace', 'frames', 'integer', '128', 'most frames of a stack'),
  row('minWait', '--min', 'us', 'integer', '4', 'off-CPU: shortest wait'),
  row('maxWait', '--max', 'us', 'integer', 'none', 'off-CPU: longest wait'),
  row('distribution', '--distr', undefined, 'switch', 'off', 'off-CPU: the distribution of waits only'),
  row('cpus', '--cpus', 'n', 'integer', 'unknown', 'number of CPUs, for the cost estimate'),
  row('maxKernelMemory', '--max-kernel-memory', 'MiB', 'integer', '256', 'refuse to take more kernel memory'),
  row('maxRate', '--max-rate', 'MB/s', 'integer', '32', 'refuse to write more trace text'),
  row('modules', '-d, --module', 'file', 'texts', '', 'symbols and unwind data of this file'),
  row('maps', '--maps', 'file', 'text', '', "a target's /proc/PID/maps: symbols of the files in it"),
  row(
    'ldd',
    '--ldd',
    undefined,
    'switch',
    'with -c and -d',
    "also symbols of the modules' libraries; only for trusted modules",
  ),
  row(
    'sysroot',
    '--sysroot',
    'directory',
    'text',
    '',
    'directory with the modules at the paths where the target sees them',
  ),
  row('allModules', '--all-modules', undefined, 'switch', 'off', 'symbols of all kernel modules'),
  row('stapArguments', '-a, --stap-arguments', 'arguments', 'texts', '', 'further arguments for stap'),
];
