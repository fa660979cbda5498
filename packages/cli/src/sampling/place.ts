import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { cpus } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseOsRelease } from '@stapflame/stap-doctor';
import { inspect, notRun, regularFiles, type RunnerExit, type RunnerOptions } from '@stapflame/stap-runner';
import { mappedFiles, type ScriptOptions } from '@stapflame/stap-script';
import type { RecordFlags } from '../commands/record-options.ts';
import { CliError, Exit } from '../exit.ts';
import { onFirstSignal } from '../io/signals.ts';
import { thisMachine } from '../this-machine.ts';
import { leftNotes } from './left.ts';
import { openProcess, through } from './mapped-file.ts';
import { fitting, targetFiles, type LeftOut, type TargetFiles } from './target-files.ts';

/**
 * A machine where stap runs. The script's missing options are filled in from facts about the machine and the target.
 */
export interface Place {
  /** The host's name; `undefined` for the local machine. */
  readonly host: string | undefined;
  readonly runner: RunnerOptions;
  readonly script: ScriptOptions;
  /** Messages to show to the user. */
  readonly notes: readonly string[];
}

/** A machine where stap cannot run, and the reason. */
export interface Closed {
  readonly host: string | undefined;
  readonly exit: RunnerExit;
  /** The reason in our own words. Without it, the reason is in the messages of ssh or another program. */
  readonly why?: string;
}

/** Inspects the local machine, or all hosts at the same time. */
export function findPlaces(flags: RecordFlags, options: ScriptOptions): Promise<readonly (Place | Closed)[]> {
  const { host: hosts = [], compileFor, sudo, sshArguments } = flags;
  const runner = {
    ...(compileFor !== undefined && { compileFor }),
    ...(sudo !== undefined && { sudo }),
    ...(sshArguments !== undefined && { sshArguments }),
  };
  if (hosts.length === 0) return here(runner, options).then((place) => [place]);
  return Promise.all(hosts.map((host) => there({ ...runner, host }, options)));
}

async function here(runner: RunnerOptions, options: ScriptOptions): Promise<Place> {
  const { pid } = options;
  const target = pid === undefined ? undefined : await openTarget(pid);
  const notes = leftNotes(await readText('/proc/modules'), thisMachine());
  const place = { host: undefined, runner, script: { cpus: cpus().length, ...options }, notes };
  if (!target) return place;
  try {
    if (!wantsFiles(options)) return place;
    const files = await untilSignal((signal) => filesHere(target, options, signal));
    // The open directory still belongs to the target, even if a later process has the same PID.
    if ((await readText(`${through(target)}/stat`)) === '') noProcess(pid!);
    return withFiles(place, files);
  } finally {
    await target.close();
  }
}

async function openTarget(pid: number): Promise<FileHandle> {
  try {
    return await openProcess(pid);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') noProcess(pid);
    throw new CliError(Exit.IO, `cannot inspect process ${pid}: ${message}`, error);
  }
}

function noProcess(pid: number): never {
  throw new CliError(Exit.INCOMPLETE, `there is no process ${pid}`);
}

/** Whether to look for the target's files. If the user's options name files, those are used instead. */
function wantsFiles({ pid, maps, sysroot }: ScriptOptions): boolean {
  return pid !== undefined && maps === undefined && sysroot === undefined;
}

async function filesHere(
  target: FileHandle,
  options: ScriptOptions,
  signal: AbortSignal,
): Promise<TargetFiles | undefined> {
  const maps = await readText(`${through(target)}/maps`);
  return maps === '' ? undefined : targetFiles(target, maps, options.kind !== 'off-cpu', signal);
}

/** Waits until the work is done or a signal arrives, because a file system that hangs could block the work forever. */
async function untilSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const abort = new AbortController();
  let release = (): void => undefined;
  const stopped = new Promise<undefined>((resolve) => {
    release = onFirstSignal(() => {
      abort.abort();
      resolve(undefined);
    });
  });
  try {
    return await Promise.race([work(abort.signal), stopped]);
  } finally {
    release();
  }
}

function withFiles(place: Place, files: TargetFiles | undefined): Place {
  const { script, notes } = place;
  if (!files) return { ...place, notes: [...notes, ...unreadable(script)] };
  const { modules, sysroot, left } = files;
  const told = { ...script, modules: [...(script.modules ?? []), ...modules] };
  return sysroot === undefined
    ? { ...place, script: told, notes: [...notes, ...leftOut(left)] }
    : { ...place, script: { ...told, sysroot }, notes: [...notes, OWN_FILES, ...leftOut(left)] };
}

const OWN_FILES =
  'the process sees other files under these paths (is it in a container?), or other users can replace its files; symbols are read from copies';

function unreadable({ pid, modules }: ScriptOptions): readonly string[] {
  if (modules !== undefined) return [];
  return [
    `cannot read /proc/${pid}/maps; name the process's files with -d, or else its frames will have no names`,
  ];
}

const MOST_TOLD = 3;

function leftOut(left: readonly LeftOut[]): readonly string[] {
  if (left.length === 0) return [];
  const told = left.slice(0, MOST_TOLD).map(({ file, reason }) => `${file} (${reason})`);
  const more = left.length > MOST_TOLD ? ` and ${left.length - MOST_TOLD} more` : '';
  return [`functions will have no names in ${told.join(', ')}${more}`];
}

async function there(
  runner: RunnerOptions & { host: string },
  options: ScriptOptions,
): Promise<Place | Closed> {
  const { host, compileFor } = runner;
  const { pid } = options;
  const inspection = await inspect(runner, pid);
  if ('exit' in inspection) return { host, exit: inspection.exit };
  const { site } = inspection;
  if (site.alive === false) return { host, exit: notRun('failed'), why: `there is no process ${pid}` };
  // In `user@host`, the host's name follows the `@`.
  const name = host.slice(host.indexOf('@') + 1);
  const far = { distribution: parseOsRelease(''), root: host.startsWith('root@') };
  const notes = leftNotes(site.modules, far);
  const place = { host, runner, script: { cpus: site.cpus, host: name, ...options }, notes };
  if (!wantsFiles(options)) return place;
  if (site.maps === '') return withFiles(place, undefined);
  // When stap compiles for a host, it reads the files at the same paths on this machine.
  const found = fitting(mappedFiles(site.maps).filter((file) => site.files.includes(file)));
  const modules = compileFor === undefined ? found : await regularFiles({}, found);
  const reason = `there is no such file on ${compileFor === undefined ? 'the host' : 'this machine'}; is the process in a container?`;
  const left = mappedFiles(site.maps)
    .filter((file) => !modules.includes(file))
    .map((file) => ({ file, reason }));
  return withFiles(place, { modules, sysroot: undefined, left });
}

/** Maximum number of bytes to read from a file in /proc. These files usually have a few hundred lines. */
const MAX_TEXT_BYTES = 16 << 20;

/**
 * Reads a file in /proc. Returns an empty string if the file cannot be read, for example because the process is ending
 * or the kernel has no modules.
 */
async function readText(file: string): Promise<string> {
  try {
    return await text(createReadStream(file, { end: MAX_TEXT_BYTES - 1 }));
  } catch {
    return '';
  }
}
