import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateScript, type ScriptOptions } from '@stapflame/stap-script';
import { runWhileAlive } from '../../../testing/progress.ts';
import { runtimeArguments, scratch, stapCommand, type Laboratory } from './machine.ts';

/** CPU time of stap and the compilers for one script, in seconds. */
export interface CompileTimes {
  /** With an empty SystemTap cache. */
  readonly cold: number;
  /** With the cache that the first compile left. */
  readonly warm: number;
}

/** Bash code that runs its arguments as a command, and writes the user and system seconds to the file `$0`. */
const TIMED =
  'TIMEFORMAT="%U %S"; { time "$@" > /dev/null 2> "$0.messages"; } 2> "$0" || { cat "$0.messages" >&2; exit 1; }';

/** Compiles a script twice, with a separate cache. */
export async function compileTimed(
  laboratory: Laboratory,
  options: ScriptOptions,
  program: string,
): Promise<CompileTimes> {
  const directory = scratch(laboratory);
  const cache = mkdtempSync(join(directory, 'cache.'));
  const script = generateScript({ ...options, modules: [program], ldd: true });
  writeFileSync(join(directory, 'script.stp'), script.text);
  const timed = async (name: string): Promise<number> => {
    const words = [
      ...stapCommand(laboratory, cache),
      '-r',
      laboratory.release,
      ...runtimeArguments(laboratory),
      '-p4',
      '-m',
      name,
      ...script.stapArguments,
      'script.stp',
    ];
    const file = join(directory, `${name}.time`);
    await runWhileAlive('bash', ['-c', TIMED, file, ...words], { cwd: directory, env: { ...process.env } });
    return readFileSync(file, 'utf8')
      .trim()
      .split(' ')
      .map(Number)
      .reduce((a, b) => a + b);
  };
  const times = { cold: await timed('first'), warm: await timed('second') };
  rmSync(directory, { recursive: true });
  return times;
}
