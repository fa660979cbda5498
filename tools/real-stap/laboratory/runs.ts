import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { generateScript, type SamplingScript, type ScriptOptions } from '@stapflame/stap-script';
import { boot, compile, scratch, target, type Laboratory } from './machine.ts';

/** One sampling run in the emulated machine. */
export interface Run {
  readonly name: string;
  /** The target program, which runs with the process ID in the options. */
  readonly program: string;
  /** Its arguments. @defaultValue none */
  readonly words?: string;
  readonly options: ScriptOptions;
  /** Where the program's directory is mounted, in a separate mount namespace, and where the program runs. */
  readonly container?: string;
  /** Shell text that runs before staprun starts. */
  readonly before?: string;
  /** Shell text that runs beside staprun, whose process ID is `$staprun`. */
  readonly beside?: string;
}

/** The results of a run. */
export interface Outcome {
  readonly trace: Buffer;
  readonly messages: string;
  readonly exitCode: number;
  /** Seconds of machine time from the start of staprun to its end. */
  readonly seconds: number;
  /** CPU ticks of staprun (later stapio), if the run wrote its /proc/PID/stat to `stat`. */
  readonly loaderTicks: number | undefined;
  /** The size of the loaded module. */
  readonly moduleBytes: number;
  /** /proc/modules, if the run wrote it to `modules`. */
  readonly modules: string | undefined;
}

/** Compiles every run's script, boots once, and performs the runs one after another. */
export async function doRuns(
  laboratory: Laboratory,
  runs: readonly Run[],
  cpus = 1,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = await repeatRuns(laboratory, runs, { times: 1, cpus });
  return new Map(Array.from(outcomes, ([name, [only]]) => [name, only!] as const));
}

/** How many times to perform each run in one boot, and options for the boot. */
export interface Repetition {
  readonly times: number;
  /** @defaultValue 1 */
  readonly cpus?: number;
}

/** Compiles every run's script, boots once, and performs all runs in turn, the given number of times. */
export async function repeatRuns(
  laboratory: Laboratory,
  runs: readonly Run[],
  { times, cpus = 1 }: Repetition,
): Promise<ReadonlyMap<string, readonly Outcome[]>> {
  const directory = scratch(laboratory);
  const job = join(directory, 'job');
  const results = join(directory, 'results');
  mkdirSync(job);
  const compiled = new Map<string, Promise<string>>();
  /** Compiles a script's module. Equal scripts share one module. */
  const moduleOf = (script: SamplingScript, work: string, name: string): Promise<string> => {
    const key = JSON.stringify([script.text, script.stapArguments]);
    if (!compiled.has(key)) compiled.set(key, compile(laboratory, script, work, `run_${name}`));
    return compiled.get(key)!;
  };
  const steps = await atOnce(runs, async (run) => {
    const work = join(directory, run.name);
    mkdirSync(work);
    const program = target(laboratory, run.program);
    const script = generateScript({ ...run.options, ...modulesOf(run, program, work) });
    const module = await moduleOf(script, work, run.name);
    copyFileSync(module, join(job, basename(module)));
    return {
      module: basename(module),
      shell: (into: string) => step(run, into, program, basename(module), script.stapArguments),
    };
  });
  const names = Array.from({ length: times }, (_, i) =>
    runs.map(({ name }) => (i === 0 ? name : `${name}.${i}`)),
  );
  writeFileSync(
    join(job, 'run.sh'),
    names.flatMap((round) => round.map((name, i) => steps[i]!.shell(name))).join(''),
  );
  await boot(job, results, { cpus });
  return new Map(
    runs.map(({ name }, i) => [
      name,
      names.map((round) => outcome(join(results, round[i]!), join(job, steps[i]!.module))),
    ]),
  );
}

/** Processes as many items at a time as there are CPUs. The results are in the order of the items. */
async function atOnce<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/** SystemTap must find a container's files at the container's paths, so they go below a separate directory. */
function modulesOf({ container }: Run, program: string, work: string): ScriptOptions {
  // `ldd` is safe here, because the programs are the laboratory's own
  if (container === undefined) return { modules: [program], ldd: true };
  const inside = join(container, basename(program));
  const sysroot = join(work, 'sysroot');
  mkdirSync(join(sysroot, container), { recursive: true });
  mkdirSync(join(sysroot, 'lib'));
  symlinkSync('/lib/modules', join(sysroot, 'lib/modules'));
  copyFileSync(program, join(sysroot, inside));
  return { modules: [inside], sysroot };
}

/** Returns shell text for a run, with results in /out/INTO. `-s` is not part of a module, so staprun must get it. */
function step(
  { program, words = '', options, container, before = '', beside }: Run,
  into: string,
  file: string,
  module: string,
  args: readonly string[],
): string {
  const size = args[args.indexOf('-s') + 1];
  const following = args.indexOf('-x');
  const whom =
    options.command === undefined
      ? args.slice(following, following < 0 ? 0 : following + 2).join(' ')
      : `-c '${options.command}'`;
  const command =
    container === undefined
      ? `${file} ${words}`
      : `unshare -m sh -c 'mkdir -p ${container}; mount --bind ${dirname(file)} ${container}; exec ${join(container, program)}'`;
  const start =
    options.pid === undefined
      ? ''
      : `echo ${options.pid - 1} > /proc/sys/kernel/ns_last_pid\n${command} &\nsleep 0.3\n[ -d /proc/${options.pid} ] || echo 'wrong pid' >&2\n`;
  return `echo ${into} ${program}
mkdir /out/${into}
${start}${before}
cut -d' ' -f1 /proc/uptime > /out/${into}/start
staprun -b ${size} ${whom} /job/${module} > /out/${into}/stdout 2> /out/${into}/stderr &
staprun=$!
${beside ?? ''}
wait $staprun
echo $? > /out/${into}/code
cut -d' ' -f1 /proc/uptime > /out/${into}/end
${options.pid === undefined ? '' : `kill -9 ${options.pid} 2> /dev/null`}
wait
`;
}

function outcome(directory: string, module: string): Outcome {
  if (!existsSync(join(directory, 'end'))) throw new Error(`the run ${directory} did not end`);
  const number = (file: string): number => Number(readFileSync(join(directory, file), 'utf8'));
  return {
    trace: readFileSync(join(directory, 'stdout')),
    messages: readFileSync(join(directory, 'stderr'), 'utf8'),
    exitCode: number('code'),
    seconds: number('end') - number('start'),
    loaderTicks: loaderTicks(join(directory, 'stat')),
    moduleBytes: statSync(module).size,
    modules: textOf(join(directory, 'modules')),
  };
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * Adds up utime and stime in a /proc/PID/stat. The name before them may contain anything, but ends at the last closing
 * bracket.
 */
function loaderTicks(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
