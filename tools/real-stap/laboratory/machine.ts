import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fitScript, parseFit } from '@stapflame/stap-runner';
import type { SamplingScript } from '@stapflame/stap-script';
import { atEnd } from '../../../testing/cleanup.ts';
import { runWhileAlive } from '../../../testing/progress.ts';

/** The directory of the shell scripts that build and boot the machine. */
export const MACHINE: string = fileURLToPath(new URL('../machine', import.meta.url));

/** The prepared laboratory. */
export interface Laboratory {
  /** The release of the kernel that scripts are compiled for. */
  readonly release: string;
  /** The directory for everything that is kept between runs. */
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
    throw new Error(`cannot prepare the laboratory (exit code ${result.status}); its messages are above`);
  return { release, directory };
}

/** Returns the path of a target program. */
export function target(laboratory: Laboratory, name: string): string {
  return join(laboratory.directory, 'targets', name);
}

/** Returns the C code that stap's third pass generates from a script. Rejects with stap's messages. */
export async function translate(laboratory: Laboratory, script: SamplingScript): Promise<string> {
  const directory = scratch(laboratory);
  writeFileSync(join(directory, 'script.stp'), script.text);
  // -T is for the loader, but 4.8 accepts it in any pass; -c would start the command only in the fifth pass
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

/** Options for booting the machine. */
export interface BootOptions {
  /** With more than one CPU, the machine runs in real time. @defaultValue 1 */
  readonly cpus?: number;
  /** Mount the distribution's whole root directory, including its compiler, at /debian. @defaultValue false */
  readonly whole?: boolean;
  /** A port on the loopback address that leads to the machine's port 22. @defaultValue no network */
  readonly sshPort?: number;
}

/** Boots the machine with a job directory, runs the job's run.sh, and unpacks the output into `results`. */
export async function boot(
  job: string,
  results: string,
  { cpus = 1, whole = false, sshPort }: BootOptions = {},
): Promise<void> {
  await runWhileAlive('bash', [`${MACHINE}/boot.sh`, job, results], {
    env: {
      ...process.env,
      CPUS: String(cpus),
      // a compiler is slow in an emulated machine
      ...(whole && { WHOLE: '1', LIMIT: '7200' }),
      SSH_PORT: sshPort === undefined ? '' : String(sshPort),
    },
  });
}

/**
 * Creates an empty directory, removed at the end: in the current directory, `-d kernel` might find a file of that name.
 * The directory's name contains its owner's process ID, so that prepare.sh can remove what a killed run left.
 */
export function scratch(laboratory: Laboratory): string {
  const directory = mkdtempSync(join(laboratory.directory, `run.${process.pid}.`));
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs the distribution's stap for its kernel. */
async function stap(laboratory: Laboratory, cwd: string, args: readonly string[]): Promise<string> {
  const words = [
    ...stapCommand(laboratory),
    '-r',
    laboratory.release,
    ...runtimeArguments(laboratory),
    ...args,
  ];
  const { stdout } = await runWhileAlive(words[0]!, words.slice(1), { cwd, env: { ...process.env } });
  return stdout;
}

/**
 * Returns the command line for the distribution's stap, which reads and writes only inside the laboratory's directory.
 *
 * @param cache directory for compiled modules @defaultValue the one that all other runs share
 */
export function stapCommand(
  { directory }: Laboratory,
  cache: string = join(directory, 'systemtap'),
): readonly string[] {
  const settings = [`SYSTEMTAP_DIR=${cache}`, `SYSTEMTAP_DEBUGINFO_PATH=:${join(directory, 'debug')}`];
  return ['bash', join(MACHINE, 'inside.sh'), 'env', ...settings, 'stap'];
}

/** Selects the patched copy that `record --fit` makes if the runtime does not fit the kernel. */
export function runtimeArguments({ release }: Laboratory): readonly string[] {
  const script = fitScript({ stap: 'stap', release }, 'make');
  const { runtime, refused } = parseFit(
    execFileSync('bash', [join(MACHINE, 'inside.sh'), 'sh', '-c', script], { encoding: 'utf8' }),
  );
  if (refused !== undefined) throw new Error(refused);
  return runtime === undefined ? [] : ['-R', runtime];
}

/** Returns the versions in use, which depend on the distribution. */
export function versionsOf({ release, directory }: Laboratory): string {
  const script = "dpkg-query -W -f '${Version}' systemtap";
  const version = execFileSync('bash', [join(MACHINE, 'inside.sh'), 'sh', '-c', script], {
    encoding: 'utf8',
  });
  const name = /^PRETTY_NAME="(.*)"$/m.exec(
    readFileSync(join(directory, 'root/etc/os-release'), 'utf8'),
  )?.[1];
  return `${name}: SystemTap ${version}, Linux ${release}`;
}
