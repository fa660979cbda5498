import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseOsRelease } from '@stapflame/stap-doctor';
import { inspect, type RunnerExit, type RunnerOptions } from '@stapflame/stap-runner';
import type { ScriptOptions } from '@stapflame/stap-script';
import type { RecordFlags } from '../commands/record-options.ts';
import { CliError, Exit } from '../exit.ts';
import { thisSite } from '../site.ts';
import { leftNotes } from './left.ts';
import { sysrootOf } from './sysroot.ts';

/** Where stap runs, and the options of its script with what that machine knows of itself and the target. */
export interface Place {
  /** Nothing: this machine. */
  readonly host: string | undefined;
  readonly runner: RunnerOptions;
  readonly script: ScriptOptions;
  /** What a user should be told. */
  readonly notes: readonly string[];
}

/** Where nothing can run, and why. */
export interface Closed {
  readonly host: string | undefined;
  readonly exit: RunnerExit;
}

/** Looks at this machine, or at each host at once. */
export function findPlaces(flags: RecordFlags, options: ScriptOptions): Promise<readonly (Place | Closed)[]> {
  const { host: hosts = [], compileFor, sudo, sshArguments } = flags;
  const runner = {
    ...(compileFor !== undefined && { compileFor }),
    ...(sudo !== undefined && { sudo }),
    ...(sshArguments !== undefined && { sshArguments }),
  };
  if (hosts.length === 0) return Promise.resolve([here(runner, options)]);
  return Promise.all(hosts.map((host) => there({ ...runner, host }, options)));
}

function here(runner: RunnerOptions, options: ScriptOptions): Place {
  const { pid } = options;
  if (pid !== undefined && !existsSync(`/proc/${pid}`))
    throw new CliError(Exit.INCOMPLETE, `there is no process ${pid}`);
  const maps = pid === undefined ? '' : readIfThere(`/proc/${pid}/maps`);
  const found = place(undefined, runner, options, cpus().length, maps);
  const { host, script } = found;
  const notes = [...leftNotes(readIfThere('/proc/modules'), thisSite()), ...found.notes];
  const files = script.maps === undefined || script.sysroot !== undefined ? undefined : sysrootOf(pid!, maps);
  if (!files) return { host, runner, script, notes };
  const { maps: _, ...rest } = script;
  return { host, runner, script: { ...rest, ...files }, notes: [...notes, OWN_FILES] };
}

const OWN_FILES = 'the process has files of its own (a container?): symbols are read from copies of them';

async function there(
  runner: RunnerOptions & { host: string },
  options: ScriptOptions,
): Promise<Place | Closed> {
  const { host } = runner;
  const { pid } = options;
  const inspection = await inspect(runner, pid);
  if ('exit' in inspection) return { host, exit: inspection.exit };
  const { site } = inspection;
  if (site.alive === false) {
    const messages = `there is no process ${pid}\n`;
    return {
      host,
      exit: { reason: 'failed', exitCode: undefined, signal: undefined, messages, droppedMessageBytes: 0 },
    };
  }
  // ssh's user is no part of the machine's name
  const name = host.slice(host.indexOf('@') + 1);
  const found = place(host, runner, { host: name, ...options }, site.cpus, site.maps);
  const far = { distribution: parseOsRelease(''), root: host.startsWith('root@') };
  return { ...found, notes: [...leftNotes(site.modules, far), ...found.notes] };
}

function place(
  host: string | undefined,
  runner: RunnerOptions,
  options: ScriptOptions,
  processors: number,
  maps: string,
): Place {
  const { pid, maps: given, modules } = options;
  const wanted = pid !== undefined && given === undefined && modules === undefined;
  const notes =
    wanted && maps === ''
      ? [`cannot read /proc/${pid}/maps: name its files with -d, or its frames stay without names`]
      : [];
  const script = { cpus: processors, ...options, ...(wanted && maps !== '' && { maps }) };
  return { host, runner, script, notes };
}

/** A process that ends, a kernel without modules: then there is no such file. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
