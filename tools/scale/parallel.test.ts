import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { framedTrace, plainTrace } from '../../testing/many-records.ts';
import { temporaryDirectory } from '../../testing/cleanup.ts';
import { startReading, type Finished } from '../../testing/processes.ts';
import { startSshd } from '../../testing/sshd.ts';

const MAIN = fileURLToPath(new URL('../../packages/cli/bundle/bin/main.js', import.meta.url));

/** The commands from docs/scale.md run here, in a directory with a trace, its folded text, and `stapflame` in PATH. */
let directory: string;
beforeAll(async () => {
  for (const program of ['parallel', 'rsync']) {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
    } catch {
      throw new Error(`there is no ${program}: apt-get install ${program}`);
    }
  }
  directory = temporaryDirectory();
  writeFileSync(join(directory, 'stapflame'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(join(directory, 'stapflame'), 0o755);
  writeFileSync(join(directory, 'trace.bt'), framedTrace(4000));
  writeFileSync(join(directory, 'plain.bt'), plainTrace(4000));
  await succeed('for t in trace plain; do stapflame fold -q $t.bt -o $t.folded; done');
});

async function shell(command: string): Promise<Finished> {
  const env = {
    ...process.env,
    HOME: directory,
    PARALLEL_HOME: directory,
    PATH: `${directory}:${process.env['PATH']}`,
  };
  // GNU parallel asks for a citation until this file exists
  writeFileSync(join(directory, 'will-cite'), '');
  return startReading('bash', ['-o', 'pipefail', '-c', command], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).end;
}

async function succeed(command: string): Promise<void> {
  const { code, stdout, stderr } = await shell(command);
  expect({ code, said: stdout + stderr }).toEqual({ code: 0, said: '' });
}

function text(name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

describe('GNU parallel', () => {
  it('folds each part of a trace once, and failed parts again', async () => {
    await succeed('stapflame split trace.bt -n 4 -o part');
    const fold =
      "parallel --jobs 2 --joblog log --resume-failed 'stapflame fold -q {} -o {}.folded' ::: part.?";
    copyFileSync(join(directory, 'part.3'), join(directory, 'kept'));
    rmSync(join(directory, 'part.3'));
    expect((await shell(fold.replace('part.?', 'part.1 part.2 part.3 part.4'))).code).toBe(1);
    copyFileSync(join(directory, 'kept'), join(directory, 'part.3'));
    await succeed(fold);
    await succeed('stapflame merge -q part.?.folded -o all.folded');
    expect(text('all.folded')).toBe(text('trace.folded'));
    // the job's number and its exit code, in the order in which the jobs ended
    const jobs = text('log').trim().split('\n').slice(1);
    const ends = jobs.map((line) => line.split('\t')).map((columns) => `${columns[0]} ${columns[6]}`);
    expect(ends.toSorted()).toEqual(['1 0', '2 0', '3 0', '3 66', '4 0']);
  });
  it('retries failed parts, and skips finished parts when it is started again', async () => {
    await succeed('stapflame split trace.bt -n 3 -o again');
    const once = '#!/bin/sh\nmkdir failed 2>/dev/null && exit 1\nexec stapflame "$@"\n';
    writeFileSync(join(directory, 'fails-once'), once, { mode: 0o755 });
    const fold =
      "parallel --jobs 2 --joblog again.log --resume --retries 3 './fails-once fold -q {} -o {}.folded' ::: again.?";
    await succeed(fold);
    await succeed('stapflame merge -q again.?.folded -o again.folded');
    expect(text('again.folded')).toBe(text('trace.folded'));
    rmSync(join(directory, 'again.1.folded'));
    await succeed(fold);
    expect(existsSync(join(directory, 'again.1.folded'))).toBe(false);
  });
  it('splits a plain trace itself', async () => {
    await succeed(
      String.raw`parallel --jobs 2 --pipe-part -a plain.bt --block 200k --regexp --recend '\n\t\d+\n' stapflame fold -q --plain | stapflame merge -q - -o pipe.folded`,
    );
    expect(text('pipe.folded')).toBe(text('plain.folded'));
  });
  it('reads the ranges that split prints', async () => {
    const part = '(head -c {1} trace.bt; tail -c +$(({2} + 1)) trace.bt | head -c $(({3} - {2})))';
    const { code } = await shell(
      String.raw`stapflame split trace.bt -n 4 --print-ranges | parallel --jobs 2 --colsep '\t' '${part} | stapflame fold -q --plain' | stapflame merge -q --plain - -o ranges.folded`,
    );
    // no part has a trailer, so each reports that its end may be missing
    expect(code).toBe(4);
    expect(text('ranges.folded')).toBe((await shell('stapflame fold -q --plain trace.bt')).stdout);
  });
  it('sends parts to other machines and fetches their folded text', async () => {
    const { host, sshArguments } = await startSshd(directory);
    writeFileSync(join(directory, 'ssh-command'), `#!/bin/sh\nexec ssh ${sshArguments.join(' ')} "$@"\n`);
    chmodSync(join(directory, 'ssh-command'), 0o755);
    await succeed('stapflame split trace.bt -n 3 -o far');
    await succeed(
      `parallel --jobs 2 --ssh ${directory}/ssh-command --sshlogin ${host} --transfer --return {}.folded --cleanup --workdir ... 'stapflame fold -q {} -o {}.folded' ::: far.?`,
    );
    await succeed('stapflame merge -q far.?.folded -o fetched.folded');
    expect(text('fetched.folded')).toBe(text('trace.folded'));
  });
});

it('sort and awk sum sorted files as merge does', async () => {
  writeFileSync(join(directory, 'sum.awk'), awk());
  await succeed(
    'stapflame split plain.bt -n 3 -o shard && for s in shard.?; do stapflame fold -q $s | LC_ALL=C sort > $s.sorted; done',
  );
  await succeed('LC_ALL=C sort -m --batch-size=1000 shard.?.sorted | LC_ALL=C awk -f sum.awk > sums');
  expect(text('sums').split('\n').toSorted()).toEqual(text('plain.folded').split('\n').toSorted());
});

/** Returns the program that docs/scale.md shows. */
function awk(): string {
  const docs = readFileSync(fileURLToPath(new URL('../../docs/scale.md', import.meta.url)), 'utf8');
  return /```awk\n([^`]*)```/.exec(docs)![1]!;
}
