import type { SpawnOptions } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { startReading } from './processes.ts';

/** Milliseconds between two checks, and the number of checks without activity before a program is killed. */
const EVERY = 1000;
const PATIENCE = 300;

/**
 * Runs a program and waits until it has ended, however long that takes on a busy machine, as long as its process group
 * uses the CPU or writes. Rejects if the program fails or shows no more activity.
 */
export async function runWhileAlive(
  program: string,
  words: readonly string[],
  options: SpawnOptions = {},
): Promise<{ readonly stdout: string }> {
  const { child, end } = startReading(program, words, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let written = 0;
  for (const output of [child.stdout, child.stderr])
    output?.on('data', (piece: Buffer) => (written += piece.length));
  const ended = new AbortController();
  const watched = end.finally(() => ended.abort());
  let before = '';
  for (let still = 0; !ended.signal.aborted; await Promise.race([watched, pause(EVERY)])) {
    const now = `${written} ${ticksOf(child.pid!)}`;
    still = now === before ? still + 1 : 0;
    before = now;
    if (still === PATIENCE) {
      process.kill(-child.pid!, 'SIGKILL');
      const { stderr } = await end;
      throw new Error(`${program} did nothing for ${(PATIENCE * EVERY) / 1000} s: ${stderr}`);
    }
  }
  const { code, signal, stdout, stderr } = await end;
  if (code !== 0) throw new Error(`${program} ended with ${code ?? signal}: ${stderr}`);
  return { stdout };
}

/** Returns the CPU ticks used by a process group, including children that have ended. */
function ticksOf(group: number): number {
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // the fields are state, parent, group, …; 11 to 14 are the user and system time of the process and of its ended
      // children
      if (Number(fields[2]) === group) for (const field of fields.slice(11, 15)) ticks += Number(field);
    } catch {
      // the process ended in the meantime
    }
  }
  return ticks;
}
