import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stapflame } from './stapflame.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../perf-parser/test/fixtures/${name}/trace.txt`, import.meta.url));
const withoutFacts = (folded: string): string => folded.replaceAll(/^#.*\n/gm, '');
const SAMPLES = `burn  12/34 [000] 1.500000:  5 cycles:u:
\t          401136 leaf+0x1 (/bin/p)
\tffffffff81000010 k+0x1 ([kernel.kallsyms])

burn  12/34 [000] 1.600000:  7 instructions:u:
\t          401136 leaf+0x1 (/bin/p)

`;

describe('perf script output', () => {
  it.each(['header', 'no-call-chain', 'ip-sym-dso', 'comm-ip-sym', 'no-time', 'srcline', 'records'])(
    'is recognised (%s)',
    async (name) => {
      const { code, stdout } = await stapflame(['fold', fixture(name)]);
      const golden = readFileSync(fixture(name).replace('trace.txt', 'folded.txt'), 'utf8');
      const lines = (text: string): readonly string[] => text.trimEnd().split('\n').toSorted();
      expect({ code, lines: lines(withoutFacts(stdout)) }).toEqual({ code: 0, lines: lines(golden) });
    },
  );

  it("is drawn in the event's unit", async () => {
    const { code, stdout } = await stapflame(['flame', '-q', fixture('header')]);
    expect(code).toBe(0);
    expect(stdout).toContain('burn_worker_7 (80.8 ms');
  });

  it('is parsed, including all fields of its frames', async () => {
    const { stdout } = await stapflame(['parse', '-q'], SAMPLES);
    expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({
      count: 5,
      frames: [
        { symbol: 'leaf', module: '/bin/p', address: '0x401136' },
        { kernel: true },
        { label: 'burn' },
      ],
    });
  });

  it('yields only the samples of its first event, and the summary names the other events', async () => {
    const { stdout, stderr } = await stapflame(['fold'], SAMPLES);
    expect(withoutFacts(stdout)).toBe('burn;k;leaf 5\n');
    expect(stderr).toContain('5 cycles in 1 distinct stack');
    expect(stderr).toContain('only samples for cycles, leaving out 1 for instructions (--perf-event)');
  });

  it('loses its unit with --plain, and a note says so', async () => {
    const { stdout, stderr } = await stapflame(['fold', '--plain'], SAMPLES);
    expect(stdout).toBe('burn;k;leaf 5\n');
    expect(stderr).toContain('--plain leaves out the unit (cycles)');
    const counted = await stapflame(['fold', '--plain'], 'burn  1 1.5: cycles:\n\t401136 leaf+0x1 (/p)\n\n');
    expect(counted.stderr).not.toContain('--plain');
  });

  it('yields the samples of the event that --perf-event names', async () => {
    const other = await stapflame(['fold', '-q', '--perf-event', 'instructions'], SAMPLES);
    expect(withoutFacts(other.stdout)).toBe('burn;leaf 7\n');
    const missing = await stapflame(['fold', '--perf-event', 'faults'], SAMPLES);
    expect(missing.code).toBe(65);
    expect(missing.stderr).toContain('expected one of cycles, instructions');
  });

  it.each([
    [['--root', 'thread', '--label-kernel'], 'burn-12/34;k_[k];leaf 5\n'],
    [['--root', 'none', '--label-module'], 'k [[kernel.kallsyms]];leaf [p] 5\n'],
    [['--pid', '--kernel'], 'burn-12;k_[k];leaf 5\n'],
    [['--tid', '--all'], 'burn-12/34;k_[k];leaf 5\n'],
    [['--event-filter', 'instructions'], 'burn;leaf 7\n'],
  ])('is folded according to the options %j', async (flags, folded) => {
    expect(withoutFacts((await stapflame(['fold', '-q', ...flags], SAMPLES)).stdout)).toBe(folded);
  });

  it('is accepted with --input perf even if its content is not recognised', async () => {
    const text = 'burn\nabc f\n\n';
    expect((await stapflame(['fold'], text)).code).toBe(65);
    const { code, stdout } = await stapflame(['fold', '-q', '--input', 'perf'], text);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'burn;f 1\n' });
  });

  it('results in exit code 75 and a message if it reports lost events', async () => {
    const { code, stderr } = await stapflame(['fold', fixture('lost')]);
    expect(code).toBe(75);
    expect(stderr).toContain('17 lost');
    expect(stderr).toContain('incomplete: 17 lost samples');
  });

  it('cannot be mixed with a SystemTap trace', async () => {
    const trace = fileURLToPath(new URL('fixtures/burn-u_g/trace.txt', import.meta.url));
    const { code, stderr } = await stapflame(['fold', fixture('header'), trace]);
    expect(code).toBe(65);
    expect(stderr).toContain('is perf script output, and');
  });
});
