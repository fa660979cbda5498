import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SamplingScript } from '@stapflame/stap-script';
import { atEnd } from '../../../testing/cleanup.ts';
import { runWhileAlive } from '../../../testing/progress.ts';

/** The shell scripts that make and boot the machine. */
export const MACHINE: string = fileURLToPath(new URL('../machine', import.meta.url));

/** The laboratory, made ready. */
export interface Laboratory {
  /** The kernel that scripts are compiled for. */
  readonly release: string;
  /** Where everything is kept between runs. */
  readonly directory: string;
}

/** Installs and builds what is missing: SystemTap, targets, and the machine that loads modules. */
export function prepare(): Laboratory {
  const result = spawnSync('bash', [`${MACHINE}/prepare.sh`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [release, directory] = result.stdout.trim().split('\n').slice(-2);
  if (result.status !== 0 || !release || !directory)
    throw new Error(`the laboratory could not be made ready (${result.status}); its messages stand above`);
  return { release, directory };
}

/** The path of a target program. */
export function target(laboratory: Laboratory, name: string): string {
  return join(laboratory.directory, 'targets', name);
}

/** What stap's third pass makes of a script: C. Rejects with stap's messages. */
export async function translate(laboratory: Laboratory, script: SamplingScript): Promise<string> {
  const directory = scratch(laboratory);
  writeFileSync(join(directory, 'script.stp'), script.text);
  // -T is the loader's: 4.8 takes it in any pass; -c would start the command only in the fifth
  return stap(laboratory, directory, ['-p3', ...script.stapArguments, 'script.stp']);
}

/** Compiles a script into the module FILE.ko; returns its path. Rejects with stap's messages. */
export async function compile(
  laboratory: Laboratory,
  script: SamplingScript,
  into: string,
  name: string,
): Promise<string> {
  writeFileSync(join(into, `${name}.stp`), script.text);
  await stap(laboratory, into, ['-p4', '-m', name, ...script.stapArguments, `${name}.stp`]);
  return join(into, `${name}.ko`);
}

/** How the machine is booted. */
export interface BootOptions {
  /** More than one: in real time. @defaultValue 1 */
  readonly cpus?: number;
  /** A port of the loopback address that leads to port 22 of the machine. @defaultValue no network */
  readonly sshPort?: number;
}

/** Boots the machine with a job directory (its run.sh runs) and unpacks what came out into `results`. */
export async function boot(
  job: string,
  results: string,
  { cpus = 1, sshPort }: BootOptions = {},
): Promise<void> {
  await runWhileAlive('bash', [`${MACHINE}/boot.sh`, job, results], {
    env: { ...process.env, CPUS: String(cpus), SSH_PORT: sshPort === undefined ? '' : String(sshPort) },
  });
}

/**
 * An empty directory, removed at the end: `-d kernel` would take a file of that name from the current one. Its
 * name says whose it is, so that prepare.sh can remove what a killed run left.
 */
export function scratch(laboratory: Laboratory): string {
  const directory = mkdtempSync(join(laboratory.directory, `run.${process.pid}.`));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs stap for the machine's kernel, with nothing read or kept outside the laboratory's directory. */
async function stap({ release, directory }: Laboratory, cwd: string, args: string[]): Promise<string> {
  const { stdout } = await runWhileAlive('stap', ['-r', release, '-R', join(directory, 'runtime'), ...args], {
    cwd,
    env: { ...process.env, ...stapEnvironment({ release, directory }) },
  });
  return stdout;
}

/** What keeps stap to the laboratory's directory. */
export function stapEnvironment({ directory }: Laboratory): Readonly<Record<string, string>> {
  return {
    SYSTEMTAP_DIR: join(directory, 'systemtap'),
    SYSTEMTAP_DEBUGINFO_PATH: `:${join(directory, 'debug')}`,
  };
}
