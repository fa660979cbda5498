import { FrameList, StackBatch, type Frame } from '@stapflame/stacks';
import { describe, expect, it } from 'vitest';
import { LabelDetails, renderFlameGraph } from '../src/index.ts';
import { open, openText } from './open-picture.ts';
import { draw } from './stacks.ts';

function batchOfFrames(...frames: readonly Frame[]): StackBatch {
  const table = new FrameList();
  const ids = frames.map((frame) => table.add(frame));
  return new StackBatch({
    table,
    frames: Uint32Array.from(ids),
    bounds: Uint32Array.of(0, ids.length),
    weights: [Float64Array.of(1)],
  });
}

describe('details of frames', () => {
  it('are combined by label: lines become a range, and other fields that differ are left out', () => {
    const details = new LabelDetails();
    details.add(
      batchOfFrames(
        { label: 'read', module: '/lib/libc.so.6', file: '/src/io/read.c', line: 31 },
        { label: 'read' },
        { label: 'read', module: '/usr/lib/libc.so.6', file: 'read.c', line: 26, inlined: true },
        { label: 'main', module: 'a' },
      ),
    );
    details.add(batchOfFrames({ label: 'main', module: 'b' }, { label: 'main', module: 'a' }));
    expect(details.of('read')).toEqual({ module: 'libc.so.6', file: 'read.c', firstLine: 26, lastLine: 31 });
    expect(details.of('main')).toEqual({ module: null });
    expect(details.of('other')).toBeUndefined();
  });

  it('are read once for each frame of a growing table', () => {
    const table = new FrameList();
    const asked: number[] = [];
    const watched = Object.assign(Object.create(table) as FrameList, {
      frame: (id: number) => (asked.push(id), table.frame(id)),
    });
    Object.defineProperty(watched, 'size', { get: () => table.size });
    const batch = { ...batchOfFrames({ label: 'a' }), table: watched } as unknown as StackBatch;
    const details = new LabelDetails();
    for (const label of ['a', 'b', 'c']) {
      table.add({ label, module: `lib${label}` });
      details.add(batch);
    }
    expect(asked).toEqual([0, 1, 2]);
    expect(details.of('c')?.module).toBe('libc');
  });

  it('are not requested from frames that have only labels', () => {
    const { table } = batchOfFrames({ label: 'a', module: 'm' });
    const labels = {
      size: table.size,
      labelsOnly: true,
      label: () => 'a',
      frame: () => expect.unreachable(),
    };
    const details = new LabelDetails();
    details.add({ table: labels } as unknown as StackBatch);
    expect(details.of('a')).toBeUndefined();
  });

  it('are not stored for labels beyond 16 MiB of text', () => {
    const details = new LabelDetails();
    details.add(
      batchOfFrames(
        { label: 'a'.repeat(1 << 24), module: 'm' },
        { label: 'b', module: 'm' },
        { label: 'c'.repeat(1 << 24) },
      ),
    );
    expect(details.of('b')?.module).toBe('m');
    expect(details.of('a'.repeat(1 << 24))).toBeUndefined();
  });

  it('either combine all frames with the same label or are absent, even if storage is full', () => {
    const details = new LabelDetails();
    const full = 'a'.repeat((1 << 24) - 10);
    details.add(
      batchOfFrames({ label: full }, { label: 'b', module: 'm'.repeat(20) }, { label: 'b', module: 'm' }),
    );
    expect(details.of('b')).toEqual({ module: null });
    details.add(batchOfFrames({ label: 'c', module: 'm' }));
    expect(details.of('c')).toBeUndefined();
  });
});

describe('a picture of stacks that were merged by label', () => {
  it('shows the details that were collected before the merge', async () => {
    const known = { module: 'app', file: 'run.c', firstLine: 7, lastLine: 7 };
    const page = await open({ details: (label) => (label === 'run' ? known : undefined) });
    await page.locator('g.frame', { hasText: 'run' }).locator('rect').first().hover();
    expect(await page.textContent('.sf-details')).toBe('45 samples, 45.00 % · app, run.c:7 · Function: run');
  });

  it('is the same as without the option details if there are no details', () => {
    const folded = ['main;parse;read 20\nmain;run 35\n'];
    expect(renderFlameGraph(folded, { details: () => undefined })).toBe(renderFlameGraph(folded));
    expect(renderFlameGraph(folded)).not.toContain('moduleIds');
  });

  it('shows hostile module and file names as text', async () => {
    const bad = '</metadata><script>throw 1</script>\u202e\ud800.c';
    const text = draw([batchOfFrames({ label: 'a', module: bad.replaceAll('/', ''), file: bad, line: 1 })]);
    const page = await openText('bad.svg', text);
    await page.locator('g.frame', { hasText: /^a/ }).locator('rect').last().hover();
    expect(await page.textContent('.sf-details')).toContain('throw 1');
    expect(await page.textContent('.sf-details')).not.toContain('\u202e');
  });
});

describe('inlined functions', () => {
  const FOLDED = ['main;work;hash_[i] 5\nmain;work;mix 5\nmain;read_[k] 3\n'];
  it('have italic labels and a colour in the key, and are described as inlined in the details', async () => {
    const page = await openText('inlined.svg', renderFlameGraph(FOLDED));
    const styles = await page.$$eval('g.frame text', (texts) =>
      Object.fromEntries(texts.map((text) => [text.textContent, getComputedStyle(text).fontStyle])),
    );
    expect(styles).toMatchObject({ hash: 'italic', mix: 'normal', work: 'normal' });
    expect(await page.textContent('.sf-foot')).toMatch(/user inlined kernel$/);
    await page.locator('g.frame', { hasText: 'hash' }).locator('rect').hover();
    expect(await page.textContent('.sf-details')).toBe('5 samples, 38.46 % · inlined · Function: hash');
  });

  it('have italic labels in every palette, even if only their frames are marked as inlined, not their labels', async () => {
    const batch = batchOfFrames({ label: 'hash', inlined: true }, { label: 'main' });
    const page = await openText('frames.svg', draw([batch], { colors: 'colorblind' }));
    expect(await page.$$eval('g.inlined text', (texts) => texts.map((each) => each.textContent))).toEqual([
      'hash',
    ]);
    await page.getByRole('button', { name: 'How to read this' }).click();
    expect(await page.textContent('.sf-help')).toContain('Functions in italics were inlined');
  });
});
