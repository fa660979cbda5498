import { execFileSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWhileAlive } from '../../../testing/progress.ts';
import { startProcess } from '../../../testing/processes.ts';
import { until } from '../../../testing/until.ts';
import { fold, weightOf } from '../laboratory/fold.ts';
import {
  boot,
  MACHINE,
  prepare,
  runtimeArguments,
  scratch,
  stapCommand,
  target,
  type Laboratory,
} from '../laboratory/machine.ts';

/** Booting a machine and compiling a module takes many minutes on busy cores. */
const PATIENCE = 1_800_000;
const STAPFLAME = fileURLToPath(new URL('../../../packages/cli/bundle/bin/main.js', import.meta.url));
const PID = 4100;
const SECONDS = 4;

/** The machine has staprun and an ssh daemon but no compiler, so modules are compiled here and run there. */
describe('record --host, to a machine that loads real modules', () => {
  let laboratory: Laboratory;
  let directory: string;
  let machine: Promise<void>;
  let ssh: readonly string[];

  beforeAll(async () => {
    laboratory = prepare();
    directory = scratch(laboratory);
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
    writeFileSync(join(job, 'run.sh'), `${start}sh /job/ssh.sh 3600\n`);
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
  });

  const far = (command: string): Promise<unknown> =>
    runWhileAlive('ssh', [
      ...ssh,
      '-o',
      'BatchMode=yes',
      '-o',
      'ConnectTimeout=5',
      'root@127.0.0.1',
      command,
    ]);

  async function listening(): Promise<void> {
    await until('the machine answers', () => far('true'), PATIENCE);
  }

  function record(...words: string[]): ChildProcess {
    const runtime = runtimeArguments(laboratory);
    const own = [...(runtime.length > 0 ? ['-a', runtime.join(' ')] : []), '--no-sudo', '--cpus', '2'];
    const where = ['--host', 'root@127.0.0.1', '--ssh-arguments', ssh.join(' ')];
    return startProcess(
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

  it('delivers a complete trace with the names of the remote functions', async () => {
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

  it('ends the remote module on Ctrl-C, and the module prints its trailer', async () => {
    const child = record('-t', '100');
    const closed = once(child, 'close');
    const trace = await sampled(child, 'heavy_part');
    child.kill('SIGINT');
    const [code] = await closed;
    expect(code).toBe(0);
    const folded = await fold(Buffer.concat(trace));
    expect(folded.summary.complete).toBe(true);
    expect(weightOf(folded, 'heavy_part')).toBeGreaterThan(0);
  });

  it('names the module that a killed staprun left behind, and the command that unloads it', async () => {
    const killed = record('-t', '100');
    const closed = once(killed, 'close');
    await sampled(killed);
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

  it('ends the remote module when the connection breaks', async () => {
    const child = record('-t', '100');
    await sampled(child);
    child.kill('SIGKILL');
    await until('the module is gone', () => far('! grep -q ^stapflame_ /proc/modules'), PATIENCE);
  });
});

/** Waits until a command's trace contains a sample (with this name, if given). Returns the trace's chunks. */
async function sampled(child: ChildProcess, name = '#>'): Promise<readonly Buffer[]> {
  const trace: Buffer[] = [];
  let messages = '';
  child.stdout!.on('data', (piece: Buffer) => trace.push(piece));
  child.stderr!.on('data', (piece: Buffer) => (messages += piece.toString()));
  const isSampled = (): boolean => Buffer.concat(trace).includes(name);
  await until(`a sample of ${name}`, () => isSampled() || child.exitCode !== null, PATIENCE);
  if (!isSampled()) throw new Error(`the command ended without a sample of ${name}; it printed: ${messages}`);
  return trace;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
