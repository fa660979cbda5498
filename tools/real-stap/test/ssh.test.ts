import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fold, weightOf } from '../laboratory/fold.ts';
import {
  boot,
  MACHINE,
  prepare,
  runtimeArguments,
  stapCommand,
  target,
  type Laboratory,
} from '../laboratory/machine.ts';

const run = promisify(execFile);
const STAPFLAME = fileURLToPath(new URL('../../../packages/cli/bundle/bin/main.js', import.meta.url));
const PID = 4100;
const SECONDS = 4;

/** Compiled here, run there: the machine has staprun, an ssh daemon and no compiler. */
describe('record --host, to a machine that loads real modules', () => {
  let laboratory: Laboratory;
  let directory: string;
  let machine: Promise<void>;
  let ssh: readonly string[];

  beforeAll(async () => {
    laboratory = prepare();
    directory = mkdtempSync(join(laboratory.directory, 'ssh.'));
    const job = join(directory, 'job');
    mkdirSync(job);
    for (const name of ['host', 'user'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, name)]);
    writeFileSync(join(directory, 'stap'), `#!/bin/sh\nexec ${stapCommand(laboratory).join(' ')} "$@"\n`, {
      mode: 0o755,
    });
    for (const name of ['host', 'user.pub']) copyFileSync(join(directory, name), join(job, name));
    copyFileSync(join(MACHINE, 'ssh.sh'), join(job, 'ssh.sh'));
    const program = target(laboratory, 'shares');
    const start = `echo ${PID - 1} > /proc/sys/kernel/ns_last_pid\n${program} &\n`;
    writeFileSync(join(job, 'run.sh'), `${start}sh /job/ssh.sh 600\n`);
    const port = await freePort();
    writeFileSync(
      join(directory, 'known'),
      `[127.0.0.1]:${port} ${readFileSync(join(directory, 'host.pub'), 'utf8')}`,
    );
    const settings = ['IdentitiesOnly=yes', `UserKnownHostsFile=${join(directory, 'known')}`];
    const key = join(directory, 'user');
    ssh = ['-F', 'none', '-p', String(port), '-i', key, ...settings.flatMap((setting) => ['-o', setting])];
    machine = boot(job, join(directory, 'results'), { cpus: 2, sshPort: port });
    await listening();
  });
  afterAll(async () => {
    await far('touch /tmp/over');
    await machine;
    rmSync(directory, { recursive: true });
  });

  const far = (command: string): Promise<unknown> =>
    run('ssh', [...ssh, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=5', 'root@127.0.0.1', command], {
      timeout: 20_000,
    });

  async function listening(): Promise<void> {
    for (let tries = 0; tries < 60; tries++) {
      if (
        await far('true').then(
          () => true,
          () => false,
        )
      )
        return;
      await wait(1000);
    }
    throw new Error(
      `the machine does not answer: ${readFileSync(join(directory, 'results/console.txt'), 'utf8')}`,
    );
  }

  function record(...words: string[]): ChildProcess {
    const runtime = runtimeArguments(laboratory);
    const own = [...(runtime.length > 0 ? ['-a', runtime.join(' ')] : []), '--no-sudo', '--cpus', '2'];
    const where = ['--host', 'root@127.0.0.1', '--ssh-arguments', ssh.join(' ')];
    return spawn(
      process.execPath,
      [
        STAPFLAME,
        'record',
        '-p',
        String(PID),
        '-u',
        '--compile-for',
        laboratory.release,
        ...where,
        ...own,
        ...words,
      ],
      {
        env: { ...process.env, PATH: `${directory}:${process.env['PATH']}` },
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: directory,
      },
    );
  }

  it('brings a whole trace with the names of the functions there', async () => {
    const child = record('-t', String(SECONDS));
    const [trace, messages, [code]] = await Promise.all([
      buffer(child.stdout!),
      text(child.stderr!),
      once(child, 'close'),
    ]);
    expect({ code, messages }).toEqual({ code: 0, messages: expect.not.stringContaining('ERROR') });
    const folded = await fold(trace);
    expect(folded.summary.complete).toBe(true);
    expect(weightOf(folded, 'heavy_part')).toBeGreaterThan(weightOf(folded, 'light_part'));
    expect(weightOf(folded, '[unknown]')).toBeLessThan(folded.total / 20);
  });

  it('ends the module there on Ctrl-C, which prints its trailer', async () => {
    const child = record('-t', '100');
    const first = await firstPiece(child);
    setTimeout(() => child.kill('SIGINT'), 2000);
    const [rest, [code]] = await Promise.all([buffer(child.stdout!), once(child, 'close')]);
    expect(code).toBe(0);
    const folded = await fold(Buffer.concat([first, rest]));
    expect(folded.summary.complete).toBe(true);
    expect(weightOf(folded, 'heavy_part')).toBeGreaterThan(0);
  });

  it('names the module that a killed staprun left there, and what unloads it', async () => {
    const killed = record('-t', '100');
    const closed = once(killed, 'close');
    await firstPiece(killed);
    killed.stdout!.resume();
    await far('kill -9 $(pidof stapio staprun)');
    expect(await closed).toEqual([75, null]);
    const next = record('-t', '2');
    next.stdout!.resume();
    const [messages, [code]] = await Promise.all([text(next.stderr!), once(next, 'close')]);
    expect(code).toBe(0);
    const [, unload] = /the module stapflame_\w+ of a run .*; unload it: (staprun -d stapflame_\w+)\n/.exec(
      messages,
    )!;
    await far(unload!);
    await far('! grep -q ^stapflame_ /proc/modules');
  });

  it('ends the module there when the link is gone', async () => {
    const child = record('-t', '100');
    await firstPiece(child);
    child.kill('SIGKILL');
    await expect
      .poll(
        () =>
          far('! grep -q ^stapflame_ /proc/modules').then(
            () => 'gone',
            () => 'loaded',
          ),
        { timeout: 30_000 },
      )
      .toBe('gone');
  });
});

/** Of the trace; where the command ends without one, or in too long a time, what it said. */
async function firstPiece(child: ChildProcess): Promise<Buffer> {
  let messages = '';
  child.stderr!.on('data', (piece: Buffer) => (messages += piece.toString()));
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), 120_000);
  child.once('close', () => abort.abort());
  try {
    const [piece] = (await once(child.stdout!, 'data', { signal: abort.signal })) as [Buffer];
    return piece;
  } catch {
    child.kill('SIGKILL');
    throw new Error(`no trace came; the command said: ${messages}`);
  } finally {
    clearTimeout(late);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
