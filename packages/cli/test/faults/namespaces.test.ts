import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownDirectory, RECORD, shell } from './process.ts';

const own = ownDirectory();
const isRoot = process.geteuid!() === 0;

/** Commands that start a program in a separate PID namespace, as containers do; the host name stays the same. */
const user = isRoot ? [] : ['--user', '--map-root-user'];
const ownProc = ['unshare', ...user, '--pid', '--fork', '--mount-proc'];
const foreignProc = ['unshare', ...user, '--pid', '--fork'];
const has = (words: readonly string[]): boolean =>
  spawnSync(words[0]!, [...words.slice(1), 'true']).status === 0;

/**
 * Starts a run that waits for more input after writing part of its output, and meanwhile completes a second run that
 * writes to the same directory.
 *
 * @param first the command that starts the first run
 * @param second the command that starts the second run
 */
function meanwhile(first: readonly string[], second: readonly string[]): ReturnType<typeof shell> {
  const line = `cd "$1"; mkfifo trace
    ${first.join(' ')} "$NODE" "$MAIN" fold -q trace -o first & run=$!
    exec 9> trace; printf "$2" >&9
    while kill -0 $run && ! ls -A | grep -q 'part$'; do sleep 0.05; done
    printf "$2" | ${second.join(' ')} "$NODE" "$MAIN" fold -q -o second || exit
    exec 9>&-; wait $run`;
  return shell(line, own.path, RECORD);
}

describe.runIf(has(ownProc))(
  "a second run in the same directory keeps the first run's unfinished output if",
  () => {
    it.each([
      ['the first run is in a container', ownProc, []],
      ['the second run is in a container', [], ownProc],
      ['both runs are in containers and have the same process id', ownProc, ownProc],
      ["the first run is in a namespace but sees the host's /proc", foreignProc, []],
      ["the second run is in a namespace but sees the host's /proc", [], foreignProc],
      ['neither run is in a container', [], []],
    ])('%s', async (_, first, second) => {
      expect(await meanwhile(first, second)).toMatchObject({ code: 0, stderr: '' });
      expect(readdirSync(own.path).toSorted()).toEqual(['first', 'second', 'trace']);
      for (const name of ['first', 'second'])
        expect(readFileSync(join(own.path, name), 'utf8')).toBe('root;leaf 3\n');
    });
  },
);

it('the next run removes the unfinished output of a killed run', async () => {
  const line = `cd "$1"; mkfifo trace
    "$NODE" "$MAIN" fold -q trace -o out & run=$!
    exec 9> trace
    while kill -0 $run && ! ls -A | grep -q 'part$'; do sleep 0.05; done
    kill -KILL $run; wait $run; ls -A | grep -c part
    printf "$2" | stapflame fold -q -o out; ls -A`;
  const { stdout } = await shell(line, own.path, RECORD);
  expect(stdout).toBe('1\nout\ntrace\n');
});
