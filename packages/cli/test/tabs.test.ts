import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => (directory = temporaryDirectory()));

async function picture(name: string, folded: string): Promise<string> {
  const path = join(directory, name);
  const ended = await stapflame(['render', '-q', '-o', path], folded);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return path;
}

describe('tabs', () => {
  it('puts pictures into one page, each on a tab that is named after its file', async () => {
    const files = [await picture('on-cpu.svg', 'a;b 1\n'), await picture('off-cpu.svg', 'a;sleep 2\n')];
    const page = join(directory, 'all.html');
    const ended = await stapflame(['tabs', ...files, '--title', 'Both', '-o', page]);
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const text = readFileSync(page, 'utf8');
    expect(text).toContain('<title>Both</title>');
    expect([...text.matchAll(/<label[^>]*>([^<]*)/g)].map(([, name]) => name)).toEqual(['on-cpu', 'off-cpu']);
    expect(text.match(/<svg [^>]*class="stapflame"/g)).toHaveLength(2);
  });
  it('rejects a file that stapflame did not draw, and writes no page', async () => {
    const other = join(directory, 'other.svg');
    writeFileSync(other, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const page = join(directory, 'all.html');
    const ended = await stapflame(['tabs', await picture('a.svg', 'a 1\n'), other, '-o', page]);
    expect(ended).toMatchObject({ code: 65, stdout: '' });
    expect(ended.stderr).toContain('other.svg: expected an SVG that stapflame drew');
    expect(() => readFileSync(page)).toThrow('ENOENT');
  });
  it('names a file that cannot be opened', async () => {
    const ended = await stapflame(['tabs', await picture('a.svg', 'a 1\n'), join(directory, 'missing.svg')]);
    expect(ended).toMatchObject({ code: 66, stdout: '' });
    expect(ended.stderr).toMatch(/cannot open .*missing\.svg/);
  });
});
