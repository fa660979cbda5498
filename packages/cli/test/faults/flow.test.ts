import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { figure, isAsleep, positionIn } from '../../../../testing/look.ts';
import { startProcess } from '../../../../testing/processes.ts';
import { until } from '../../../../testing/until.ts';
import { caseOf, MAIN } from '../stapflame.ts';
import { ownDirectory, RECORD, shell, start } from './process.ts';

const own = ownDirectory();
const { trace, folded } = caseOf('burn-u_g');

/** A process counts as stopped if this many checks in a row find it asleep at the same position in its file. */
const LOOKS = 10;

/** Waits until a process stops reading a file, and returns its position in the file. */
async function stopped(pid: number, file: string): Promise<number> {
  let position = 0;
  let alike = 0;
  await until('the command has stopped reading', () => {
    const now = positionIn(pid, file);
    if (now !== position) alike = 0;
    else if (isAsleep(pid)) alike++;
    position = now;
    return alike === LOOKS;
  });
  return position;
}

it('the command pauses while the reader of its output pauses, and then continues', async () => {
  const input = join(own.path, 'trace');
  const records = 300_000;
  writeFileSync(input, RECORD.repeat(records));
  const child = startProcess(process.execPath, [MAIN, 'parse', '-q', input], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await once(child.stdout!, 'readable');
  expect(await stopped(child.pid!, input)).toBeLessThan((RECORD.length * records) / 4);
  expect(figure(child.pid!, 'status', 'VmHWM')).toBeLessThan(96 << 10);
  let lines = 0;
  for await (const piece of child.stdout!) for (const byte of piece as Buffer) if (byte === 0x0a) lines++;
  expect({ ended: await closed, lines }).toEqual({ ended: [0, null], lines: records });
});

it('a trace that arrives byte by byte is folded correctly', async () => {
  const { child, end } = start(['fold', '-q']);
  for (const byte of readFileSync(trace)) {
    if (!child.stdin!.write(Uint8Array.of(byte))) await once(child.stdin!, 'drain');
  }
  child.stdin!.end();
  expect(await end).toMatchObject({ code: 0, stdout: folded });
});

it('if stap dies mid-record, the command that reads the pipe says so in its summary, picture and exit code', async () => {
  const stap = join(own.path, 'stap');
  const framed = `# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128\\n#< 0 5\\n 0x1 : work+0x1/0x2 [/p]\\n#> 0 5\\n\\t1\\n#< 0 6\\n 0x1 : wo`;
  writeFileSync(stap, `#!/bin/bash\ncat > /dev/null\nprintf '${framed}'\nkill -9 $$\n`);
  chmodSync(stap, 0o755);
  const line = `export PATH="$1:$PATH"
    stapflame record -q -p $$ -t 5 | stapflame flame -q --summary "$1/summary" > "$1/picture.svg"; echo "\${PIPESTATUS[@]}"
    stapflame flame -q -p $$ -t 5 -o "$1/direct.svg"; echo "$?"`;
  const { stdout } = await shell(line, own.path);
  expect(stdout).toBe('75 75\n75\n');
  expect(JSON.parse(readFileSync(join(own.path, 'summary'), 'utf8'))).toMatchObject({ complete: false });
  for (const name of ['picture.svg', 'direct.svg']) {
    const svg = readFileSync(join(own.path, name), 'utf8');
    expect(svg).toContain('>Incomplete: ');
    expect(svg).toContain('<title>work (1 sample, 100.00 %)</title>');
  }
});
