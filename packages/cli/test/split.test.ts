import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { caseOf, stapflame } from './stapflame.ts';
import { framedTrace, plainTrace } from '../../../testing/many-records.ts';

let directory: string;
beforeEach(() => (directory = temporaryDirectory()));

function file(name: string, text: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Splits a trace, and returns the paths of its parts. */
async function split(...words: string[]): Promise<readonly string[]> {
  const ended = await stapflame(['split', ...words, '-o', join(directory, 'part')]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return readdirSync(directory)
    .filter((name) => name.startsWith('part.'))
    .toSorted()
    .map((name) => join(directory, name));
}

async function folded(...files: readonly string[]): Promise<string> {
  const ended = await stapflame(['fold', '-q', ...files]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  return ended.stdout;
}

describe('split', () => {
  it.each([
    ['framed', framedTrace(900)],
    ['plain', plainTrace(900)],
  ])('divides a %s trace into parts that can be folded separately and then merged', async (_, text) => {
    const trace = file('trace', text);
    const parts = await split(trace, '-n', '4');
    expect(parts).toHaveLength(4);
    const pieces = await Promise.all(parts.map(async (part, i) => file(`folded.${i}`, await folded(part))));
    const merged = await stapflame(['merge', ...pieces, '-q']);
    expect(merged).toMatchObject({ code: 0, stdout: await folded(trace) });
  });
  it('divides a real trace into parts of a given size', async () => {
    const { trace, folded: whole } = caseOf('burn-u_g');
    const parts = await split(trace, '--bytes', '4K');
    expect(parts.length).toBeGreaterThan(2);
    const pieces = await Promise.all(
      parts.map(async (part, i) =>
        file(`folded.${i}`, (await stapflame(['fold', '--plain', '-q', part])).stdout),
      ),
    );
    expect((await stapflame(['merge', '--plain', '-q', ...pieces])).stdout).toBe(whole);
  });
  it("reports the whole trace's losses in the last part", async () => {
    const trace = file('trace', framedTrace(400).replace('hits=400', 'hits=407'));
    const parts = await split(trace, '-n', '3');
    const lost = await Promise.all(
      parts.map(async (part) => /(\d+) lost/.exec((await stapflame(['fold', part])).stderr)?.[1]),
    );
    expect(lost).toEqual([undefined, undefined, '7']);
  });
  it('with --print-ranges, prints ranges that begin at records and together cover all records', async () => {
    const text = framedTrace(300);
    const { stdout } = await stapflame(['split', file('trace', text), '-n', '5', '--print-ranges']);
    const ranges = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t').map(Number));
    const headerLength = text.indexOf('\n') + 1;
    expect(ranges).toHaveLength(5);
    for (const [i, [header, from, to]] of ranges.entries()) {
      expect(header).toBe(headerLength);
      expect(from).toBe(i === 0 ? headerLength : ranges[i - 1]![2]);
      expect(text.slice(from)).toMatch(/^#< /);
      expect(text.slice(from, to)).toMatch(/\n\t\d+\n$/);
    }
    expect(text.slice(ranges.at(-1)![2])).toMatch(/^# stapflame end/);
    expect(readdirSync(directory)).toEqual(['trace']);
  });
  it('rejects a compressed trace', async () => {
    const trace = file('trace.gz', gzipSync(framedTrace(3)));
    const { code, stderr } = await stapflame(['split', trace, '-n', '2']);
    expect({ code, stderr }).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('compressed') as string,
    });
    expect(readdirSync(directory)).toEqual(['trace.gz']);
  });
  it('rejects a trace with host prefixes, and inputs that are not files', async () => {
    const prefixed = file('prefixed', '0: # stapflame 1 mode=stream\n0: #< 1\n0:  0x1 : f+0x1/0x2 [/a]\n');
    for (const [trace, code] of [
      [prefixed, 65],
      [directory, 66],
      [join(directory, 'gone'), 66],
    ] as const)
      expect((await stapflame(['split', trace, '-n', '2'])).code).toBe(code);
  });
  it('requires either the number or the size of the parts', async () => {
    const trace = file('trace', framedTrace(3));
    for (const words of [[], ['-n', '2', '--bytes', '3M'], ['-n', '0']])
      expect((await stapflame(['split', trace, ...words])).code).toBe(64);
    expect(readFileSync(trace, 'utf8')).toBe(framedTrace(3));
  });
});
