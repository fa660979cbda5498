import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inspect, regularFiles, type Site } from '../src/index.ts';

let directory: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'files-test-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
  rmSync(directory, { recursive: true });
});

const path = (name: string): string => join(directory, name);
const put = {
  'another file': (file: string): void => writeFileSync(file, 'another'),
  'a pipe': (file: string): void => void execFileSync('mkfifo', [file]),
  'a link': (file: string): void => symlinkSync('/dev/null', file),
  'a directory': (file: string): void => void mkdirSync(file),
};

const canUnshare = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;

// skipped on machines that do not allow user namespaces
it.runIf(canUnshare).each(Object.entries(put))(
  'does not list a mapped file if its path now leads to %s',
  async (_, place) => {
    // In the program's mount namespace, the path in its maps leads to the program. In ours, that path leads to
    // something else.
    copyFileSync('/bin/sleep', path('program'));
    mkdirSync(path('hidden'));
    const script = `mount --bind ${directory} ${path('hidden')} && echo ready && exec ${path('hidden/program')} 600`;
    child = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', script]);
    const maps = (): string => readFileSync(`/proc/${child!.pid}/maps`, 'utf8');
    await expect.poll(maps).toContain(path('hidden/program'));
    place(path('hidden/program'));
    const { site } = (await inspect({}, child.pid)) as { site: Site };
    expect(site.maps).toContain(path('hidden/program'));
    expect(site.files).not.toContain(path('hidden/program'));
  },
);

it('lists a mapped file that is still at its path', async () => {
  copyFileSync('/bin/sleep', path("it's a program"));
  child = spawn(path("it's a program"), ['600']);
  await expect.poll(() => readFileSync(`/proc/${child!.pid}/maps`, 'utf8')).toContain(directory);
  const { site } = (await inspect({}, child.pid)) as { site: Site };
  expect(site.files).toContain(path("it's a program"));
});

it('finds the regular files in a list of paths, even if names contain special characters', async () => {
  const names = ['plain', '-f', 'a b', "$(reboot)'", '\\n', 'end '];
  for (const name of names) writeFileSync(path(name), '');
  for (const [name, place] of Object.entries(put).slice(1)) place(path(name));
  const paths = [...names, ...Object.keys(put), 'nothing'].map(path);
  expect(await regularFiles({}, paths)).toEqual(names.map(path));
});

it('finds a regular file whose name is not valid UTF-8', async () => {
  writeFileSync(Buffer.from(path('a\xff.so'), 'latin1'), '');
  expect(await regularFiles({}, [path('a\udcff.so'), path('a\ufffd.so')])).toEqual([path('a\udcff.so')]);
});
