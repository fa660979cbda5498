import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { until } from '../../../testing/until.ts';
import { stapflameAlone as stapflame, type Finished } from './stapflame.ts';

let directory: string;
let opened: string;
beforeEach(() => {
  directory = temporaryDirectory();
  opened = join(directory, 'opened');
  // a script that saves its arguments, in place of the desktop's program for opening files
  const program = `#!/bin/sh\nprintf '%s\\n' "$@" > '${opened}.part'\nmv '${opened}.part' '${opened}'\n`;
  writeFileSync(join(directory, 'xdg-open'), program);
  chmodSync(join(directory, 'xdg-open'), 0o755);
});

function render(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const path = `${directory}:${process.env['PATH']}`;
  return stapflame(['render', '-q', ...words], 'a;b 1\n', directory, { ...process.env, PATH: path, ...env });
}

it('--open opens the picture when it is complete', async () => {
  expect(await render(['-o', 'flame.svg', '--open'])).toMatchObject({ code: 0, stderr: '' });
  await until('the picture is opened', () => existsSync(opened));
  expect(readFileSync(opened, 'utf8')).toBe('flame.svg\n');
  expect(readFileSync(join(directory, 'flame.svg'), 'utf8')).toContain('</svg>');
});

it('--open opens a file even if its name begins with a dash', async () => {
  expect(await render(['--output=-e.svg', '--open'])).toMatchObject({ code: 0, stderr: '' });
  await until('the picture is opened', () => existsSync(opened));
  expect(readFileSync(opened, 'utf8')).toBe('./-e.svg\n');
});

it('no file is opened without --open or if the picture cannot be written', async () => {
  await render(['-o', 'flame.svg']);
  const failed = await render(['-o', join('missing', 'flame.svg'), '--open']);
  expect(failed.code).toBe(74);
  expect(existsSync(opened)).toBe(false);
});

it.each([[[]], [['-o', '-']]])('--open is rejected without an output file (%j)', async (words) => {
  expect(await render([...words, '--open'])).toMatchObject({
    code: 64,
    stdout: '',
    stderr: 'stapflame: --open: expected an output file to open; add -o flame.svg\n',
  });
});

it.runIf(process.getuid?.() === 0)('--open is rejected if the command runs as root under sudo', async () => {
  const { code, stderr } = await render(['-o', 'flame.svg', '--open'], { SUDO_UID: '1000' });
  expect({ code, stderr }).toEqual({
    code: 64,
    stderr:
      'stapflame: --open: cannot open the picture as root; leave out --open, and open the file as your normal user\n',
  });
  expect(existsSync(join(directory, 'flame.svg'))).toBe(false);
});

it('--open gives advice if there is no program for opening files, and the picture is still drawn', async () => {
  const { code, stderr } = await render(['-o', 'flame.svg', '--open'], { PATH: join(directory, 'empty') });
  expect(code).toBe(69);
  expect(stderr).toContain('open flame.svg yourself');
  expect(existsSync(join(directory, 'flame.svg'))).toBe(true);
});
