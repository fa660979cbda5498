import { ask } from '../ask.ts';
import { quoted, shellCommand, SUDO } from '../commands.ts';
import { resolveOptions, type ResolvedRunnerOptions, type RunnerOptions } from '../options.ts';
import { MISFITS } from './misfits.ts';
import { fitScript } from './script.ts';

/** A mismatch between the installed SystemTap and the kernel. */
export interface Misfit {
  readonly code: string;
  /** The problem that the mismatch causes. */
  readonly effect: string;
  /** The evidence that the patch works. */
  readonly source: string;
  /** Whether the installed source is the one that the patch was made for. */
  readonly curable: boolean;
}

/** How well SystemTap fits the kernel that a script is compiled for. */
export interface Fit {
  /** Empty if SystemTap fits, or if that cannot be determined because SystemTap or the kernel's headers are missing. */
  readonly misfits: readonly Misfit[];
  /** The changes in a patched copy of the runtime, in the format of `diff -u`. Empty if no copy is needed. */
  readonly diff: string;
  /** The path of the patched copy, for `stap -R`. */
  readonly runtime: string | undefined;
  /** Why no patched copy is used, although one was requested. */
  readonly refused: string | undefined;
}

/** Looks for mismatches on the machine where stap will compile, without writing anything. */
export function inspectFit(options: RunnerOptions): Promise<Fit> {
  return askForFit(options, 'look');
}

/** Creates the patched copy on the machine where stap will compile, or checks that an existing copy is unchanged. */
export function makeFit(options: RunnerOptions): Promise<Fit> {
  return askForFit(options, 'make');
}

async function askForFit(options: RunnerOptions, make: 'look' | 'make'): Promise<Fit> {
  const resolved = resolveOptions(options);
  const { compileFor, stap, sudo } = resolved;
  const script = fitScript({ stap, release: compileFor }, make);
  // modules for another machine are compiled on this machine, without sudo
  const command =
    compileFor === undefined
      ? shellCommand(resolved, sudo ? quoted([...SUDO, 'sh', '-c', script]) : script)
      : shellCommand(withoutHost(resolved), script);
  // if no program can be started, the fit stays unknown, and the next attempt to start one reports why
  return parseFit((await ask(command)).stdout);
}

function withoutHost(options: ResolvedRunnerOptions): ResolvedRunnerOptions {
  return { ...options, host: undefined };
}

/** Parses the shell script's output. */
export function parseFit(text: string): Fit {
  const values = (key: string): string[] =>
    text.split('\n').flatMap((line) => (line.startsWith(`${key} `) ? [line.slice(key.length + 1)] : []));
  const found = new Map([
    ...values('misfit').map((code) => [code, true] as const),
    ...values('strange').map((code) => [code, false] as const),
  ]);
  return {
    misfits: MISFITS.filter(({ code }) => found.has(code)).map(({ code, effect, source }) => ({
      code,
      effect,
      source,
      curable: found.get(code)!,
    })),
    diff: values('diff')
      .map((line) => `${line}\n`)
      .join(''),
    runtime: values('runtime')[0],
    refused: values('refused')[0],
  };
}
