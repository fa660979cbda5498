import { once } from 'node:events';
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { share } from '../../../testing/properties.ts';
import { startSshd, type Sshd } from '../../../testing/sshd.ts';
import { until } from '../../../testing/until.ts';
import { createRunner, inspect, type RunnerOptions, type Site, type StapRunner } from '../src/index.ts';
import { program as programIn } from './programs.ts';
import { run, SCRIPT, STAP, TRACE } from './run.ts';

const replayed = readFileSync(TRACE);
let sshd: Sshd;
/** The directory with the host's programs, where the stand-in for stap also writes its files. */
let directory: string;
beforeAll(async () => {
  directory = temporaryDirectory();
  sshd = await startSshd(directory);
});

/** Writes a shell script that the host can run, and returns its path. */
const program = (name: string, body: string): string => programIn(directory, name, body);

const far = (how: string, options: RunnerOptions = {}): ReturnType<typeof run> =>
  run({ host: sshd.host, sshArguments: sshd.sshArguments, sudo: false, stapArguments: [how], ...options });

it('emits every byte that stap prints on the host', async () => {
  const { trace, exit } = await far('replay');
  expect(exit).toMatchObject({ reason: 'ended', messages: '' });
  expect(trace.equals(replayed)).toBe(true);
});

it('can run on two hosts at the same time', async () => {
  const both = await Promise.all([far('replay'), far('replay')]);
  for (const { trace, exit } of both) {
    expect(exit.reason).toBe('ended');
    expect(trace.equals(replayed)).toBe(true);
  }
});

it('emits the data that arrived before the connection was lost, and reports the loss', async () => {
  const { trace, exit } = await far('cut');
  expect(trace.subarray(0, replayed.length).equals(replayed)).toBe(true);
  expect(exit).toMatchObject({ reason: 'link', exitCode: 255 });
});

it('emits the complete trace even if stap prints a flood of messages', async () => {
  const { trace, exit } = await far('floods');
  expect(trace.equals(replayed)).toBe(true);
  expect(exit.reason).toBe('ended');
});

it('reports that sudo requires a password, without asking for one', async () => {
  program('sudo', '[ "$1" = -n ] && echo "sudo: a password is required" >&2; exit 1\n');
  const { trace, exit } = await far('replay', { sudo: true });
  expect(trace).toHaveLength(0);
  expect(exit).toMatchObject({ reason: 'permission', exitCode: 1 });
});

it('reports that stap died, and emits the data that stap printed before', async () => {
  const { trace, exit } = await far('dies');
  expect(trace.equals(replayed.subarray(0, 300))).toBe(true);
  expect(exit.reason).toBe('failed');
});

describe('an endless run on the host', () => {
  const ENDED = (): string => join(directory, 'ended');
  /** Starts a run, waits for the first data, and returns the runner and all data. */
  async function begun(ssh = 'ssh', keepAlive = 5): Promise<[StapRunner, Promise<string>]> {
    rmSync(ENDED(), { force: true });
    const { host, sshArguments } = sshd;
    const stapArguments = ['endless', ENDED()];
    const runner = createRunner({
      host,
      sshArguments,
      stap: STAP,
      sudo: false,
      stapArguments,
      ssh,
      keepAlive,
    });
    runner.stream.end(SCRIPT);
    await once(runner.stream, 'readable');
    return [runner, text(runner.stream)];
  }

  it('prints its trailer when it is stopped, because the connection stays open until the run ends', async () => {
    const [runner, trace] = await begun();
    runner.stop();
    expect(await trace).toMatch(/^#\. 1\n[\s\S]*# stapflame end hits=1\n$/);
    expect(await runner.exit).toMatchObject({ reason: 'ended', exitCode: 0 });
  });

  it('ends when ssh is killed', async () => {
    const ssh = program('ssh-that-dies', `echo $$ > ${directory}/pid; exec ssh "$@"\n`);
    const [runner, trace] = await begun(ssh);
    process.kill(Number(readFileSync(join(directory, 'pid'), 'utf8')), 'SIGKILL');
    await until('the run on the host has ended', () => existsSync(ENDED()));
    expect(await trace).not.toContain('stapflame end');
    expect((await runner.exit).reason).toBe('signal');
  });

  it('ends when ssh hangs', async () => {
    const ssh = program('ssh-that-hangs', `echo $$ > ${directory}/pid; exec ssh "$@"\n`);
    const [runner, trace] = await begun(ssh, 1);
    const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'));
    process.kill(pid, 'SIGSTOP');
    await until('the run on the host has ended', () => existsSync(ENDED()));
    process.kill(pid, 'SIGCONT');
    expect(await trace).toContain('stapflame end');
    expect((await runner.exit).reason).toBe('ended');
  });
});

it('reports that the host has no stap', async () => {
  expect((await far('replay', { stap: '/nonexistent/stap' })).exit).toMatchObject({
    reason: 'missing',
    exitCode: 127,
  });
});

it('reports that the host does not accept the key', async () => {
  const sshArguments = sshd.sshArguments.filter((word, i, all) => word !== '-i' && all[i - 1] !== '-i');
  expect((await far('replay', { sshArguments })).exit.reason).toBe('permission');
});

it('reports that the host does not answer', async () => {
  expect((await far('replay', { sshArguments: ['-F', 'none', '-p', '1'] })).exit.reason).toBe('link');
});

it("quotes arguments for the host's shell", async () => {
  const word = fc.string({ minLength: 1, unit: fc.constantFrom(...`ab '"$\`\\;&|<>*?~#!(){}[]`) });
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
      const { trace } = await far('words', { stapArguments: ['words', ...words] });
      expect(trace.toString()).toBe([...words, '-', ''].join('\n'));
    }),
    share(0.1),
  );
});

it('inspects the host and one of its processes', async () => {
  const { host, sshArguments } = sshd;
  const inspection = await inspect({ host, sshArguments }, process.pid);
  expect(inspection).toMatchObject({ site: { release: release(), cpus: cpus().length, alive: true } });
  const { maps, files, buildIds } = (inspection as { site: Site }).site;
  expect(maps).toContain(realpathSync(process.execPath));
  expect(files).toContain(realpathSync(process.execPath));
  expect(buildIds[realpathSync(process.execPath)] ?? 'none').toMatch(/^(?:[0-9a-f]{16,}|none)$/);
  expect(await inspect({ host, sshArguments }, 4_194_304)).toMatchObject({
    site: { alive: false, maps: '' },
  });
});

it('reports why the host cannot be inspected', async () => {
  const sshArguments = ['-F', 'none', '-p', '1'];
  expect(await inspect({ host: sshd.host, sshArguments })).toMatchObject({ exit: { reason: 'link' } });
});

it('compiles on this machine and runs on the host, passing on the buffer size and the target', async () => {
  const stap = program('stap', 'cat > "$5.ko"; [ "$1 $2 $3 $4" = "-p4 -r 6.1.0-1 -m" ]; echo "$5.ko"\n');
  program('staprun', 'printf "%s\\n" "$1 $2 $3 $4"; cat "$5"\n');
  const { trace, exit } = await far('', {
    stap,
    compileFor: '6.1.0-1',
    stapArguments: ['-x', '7', '-s', '3'],
  });
  expect(trace.toString()).toBe('-b 3 -x 7\nglobal hits\nprobe begin { exit() }\n');
  expect(exit.reason).toBe('ended');
});
