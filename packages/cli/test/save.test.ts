import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../testing/cleanup.ts';
import { until } from '../../../testing/until.ts';
import { SampledProcess } from '../src/sampling/sampled-process.ts';
import { sampledPids } from '../src/sampling/sampled-processes.ts';
import { isRoot } from '../src/sampling/trust.ts';

let child: ChildProcess;
let sampled: SampledProcess;
let map: string;
beforeEach(async () => {
  child = spawn('sleep', ['600'], { stdio: 'ignore' });
  sampled = (await SampledProcess.open(child.pid!))!;
  map = `/tmp/perf-${child.pid}.map`;
  atEnd(async () => {
    await sampled.close();
    child.kill('SIGKILL');
    rmSync(map, { recursive: true, force: true });
  });
});

const perfMap = async (): Promise<string | undefined> => {
  await sampled.look();
  return sampled.kept.perfMap;
};

describe("a process's perf map", () => {
  it('is read again after the process ends, and is not lost if it is deleted', async () => {
    writeFileSync(map, '1000 10 first\n');
    expect(await perfMap()).toBe('1000 10 first\n');
    writeFileSync(map, '1000 10 second\n');
    child.kill('SIGKILL');
    await until('it is gone', () => !existsSync(`/proc/${child.pid}/maps`));
    expect(await perfMap()).toBe('1000 10 second\n');
    rmSync(map);
    expect(await perfMap()).toBe('1000 10 second\n');
    expect(sampled.refusal).toBeUndefined();
  });

  it.each([
    ['a link', (directory: string) => symlinkSync(join(directory, 'secret'), map)],
    ['a directory', () => mkdirSync(map)],
    ['a named pipe', () => execFileSync('mkfifo', [map])],
    ['too large', () => (writeFileSync(map, ''), truncateSync(map, 2 ** 32))],
  ])('is left out if it is %s', async (_, make) => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'secret'), '1000 10 secret\n');
    make(directory);
    expect(await perfMap()).toBeUndefined();
    expect(sampled.refusal).toMatch(/not a regular file|larger than 32 MiB/);
  });

  it('is left out if another user owns it', async ({ skip }) => {
    // only root can change a file's owner
    if (!(await isRoot())) skip();
    writeFileSync(map, '1000 10 other\n');
    chownSync(map, 65534, 65534);
    expect(await perfMap()).toBeUndefined();
    expect(sampled.refusal).toMatch(/does not belong to the user who runs the process/);
  });

  it('is read in the container, under the process id used there', async ({ skip }) => {
    if (!(await isRoot())) skip();
    const tmp = temporaryDirectory();
    writeFileSync(join(tmp, 'perf-1.map'), '1000 10 inside\n');
    const script = 'mount --bind "$0" /tmp && exec sleep 600';
    const words = ['--fork', '--kill-child', '--pid', '--mount', 'sh', '-c', script, tmp];
    const outer = spawn('unshare', words, { stdio: 'ignore' });
    atEnd(() => outer.kill('SIGKILL'));
    const inner = await until('it runs', async () => {
      const found = await sampledPids({ pid: outer.pid!, tree: true });
      return found.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
    });
    const process = (await SampledProcess.open(inner))!;
    atEnd(() => process.close());
    await process.look();
    expect(process.kept.perfMap).toBe('1000 10 inside\n');
  });

  it('may be a hard link to a file that belongs to the same user', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'map'), '1000 10 own\n');
    linkSync(join(directory, 'map'), map);
    expect(await perfMap()).toBe('1000 10 own\n');
  });
});

it('the build-ids of mapped files are saved', async () => {
  const file = join(temporaryDirectory(), 'program');
  copyFileSync('/bin/sleep', file);
  execFileSync('chmod', ['755', file]);
  const other = spawn(file, ['600'], { stdio: 'ignore' });
  atEnd(() => other.kill('SIGKILL'));
  const process = (await SampledProcess.open(other.pid!))!;
  atEnd(() => process.close());
  await until('it has started', async () => {
    await process.look();
    return process.buildIds.has(file);
  });
  expect(process.buildIds.get(file)).toMatch(/^[0-9a-f]{40}$/);
  expect(process.kept.maps).toContain(file);
});

it('child processes are included if the process tree is sampled', async () => {
  const parent = spawn('sh', ['-c', 'sleep 600 & wait'], { stdio: 'ignore' });
  const children = (): Promise<readonly number[]> => sampledPids({ pid: parent.pid!, tree: true });
  atEnd(async () => {
    for (const pid of (await children()).toReversed()) process.kill(pid, 'SIGKILL');
  });
  await until('it has a child', async () => (await children()).length === 2);
  expect((await children())[0]).toBe(parent.pid);
  expect(await sampledPids({ pid: parent.pid! })).toEqual([parent.pid]);
});
