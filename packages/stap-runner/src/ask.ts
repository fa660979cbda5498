import { execa } from 'execa';
import { canSpawn } from './can-spawn.ts';
import type { Command } from './commands.ts';
import { spawnErrorOf, type Ending } from './exit.ts';

/** What a program printed, and how it ended. */
export interface Answer extends Pick<Ending, 'exitCode' | 'signal' | 'spawnError'> {
  readonly stdout: string;
  readonly stderr: string;
  /** Whether the program printed more than the limit. If so, the rest of its output is missing. */
  readonly tooLong: boolean;
}

/** The answer of a program that was not started. */
const SILENCE = { stdout: '', stderr: '', exitCode: undefined, signal: undefined, code: undefined };

/** Limit on the size of an answer. The maps of a process with a few hundred files are about 100 KB long. */
const MAX_BYTES = 8 << 20;

/**
 * Runs a program and collects its output. If the program cannot be started, the answer is empty except for
 * `spawnError`.
 */
export async function ask(
  { file, args }: Omit<Command, 'held'>,
  { input = '', most = MAX_BYTES }: { readonly input?: string; readonly most?: number } = {},
): Promise<Answer> {
  if (!canSpawn()) return { ...SILENCE, tooLong: false, spawnError: 'EMFILE' };
  const result = await execa(file, args, {
    input,
    reject: false,
    maxBuffer: most,
    stripFinalNewline: { stdout: false },
  });
  // if the program was not started, execa's result may contain nothing but the error
  const { stdout, stderr, exitCode, signal, code, isMaxBuffer } = { ...SILENCE, ...result };
  const spawnError = spawnErrorOf({ exitCode, signal, code });
  return { stdout, stderr, tooLong: isMaxBuffer, exitCode, signal, spawnError };
}
