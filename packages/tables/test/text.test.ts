import { createCallTree, type CallTreeOptions } from '@stapflame/call-tree';
import { createFunctionTable, type FunctionOptions } from '@stapflame/functions';
import { batchOf, FrameList, StackBatch, StackBuilder, type Facts } from '@stapflame/stacks';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import {
  createPeekText,
  createTopText,
  createTreeText,
  TablesError,
  type TextOptions,
  type TopOptions,
} from '../src/index.ts';

/** Stacks sorted frame by frame, starting at the root. */
const STACKS = [
  { frames: ['init'], count: 2 },
  { frames: ['wait', 'main'], count: 1 },
  { frames: ['sort', 'work', 'main'], count: 60 },
  { frames: ['compare', 'sort', 'work', 'main'], count: 37 },
];

type Given = readonly StackBatch[];

function top(given: Given, options: TopOptions = {}, counted: FunctionOptions = {}): Promise<string> {
  return text(Readable.from(given).pipe(createFunctionTable(counted)).pipe(createTopText(options)));
}

function peek(given: Given, counted: FunctionOptions, options: TextOptions = {}): Promise<string> {
  return text(Readable.from(given).pipe(createFunctionTable(counted)).pipe(createPeekText(options)));
}

function tree(given: Given, shown: CallTreeOptions = {}, options: TextOptions = {}): Promise<string> {
  return text(Readable.from(given).pipe(createCallTree(shown)).pipe(createTreeText(options)));
}

const batch = (facts: Facts = {}): StackBatch => batchOf(STACKS, facts);

describe('top', () => {
  it('is a table with right-aligned numbers and the names at the end', async () => {
    expect(await top([batch()])).toBe(`100 samples; 6 names

self  self %         95 %  total  total %         95 %  name
  60   60.00  50.20–69.06     97    97.00  91.55–98.97  sort
  37   37.00  28.18–46.78     37    37.00  28.18–46.78  compare
   2    2.00    0.55–7.00      2     2.00    0.55–7.00  init
   1    1.00    0.18–5.45      1     1.00    0.18–5.45  wait
   0    0.00    0.00–3.70     98    98.00  93.00–99.45  main
   0    0.00    0.00–3.70     97    97.00  91.55–98.97  work
`);
  });
  it('has the requested columns in the requested order', async () => {
    const columns = ['name', 'total', 'self-share'] as const;
    expect(await top([batch({ filtered: 100 })], { columns }, { limit: 2 })).toBe(
      `200 samples, 100 of them filtered out; 2 of 6 names

name     total  self %
sort        97   30.00
compare     37   18.50
`,
    );
  });
  it('leaves out intervals if weights are times', async () => {
    const lines = (await top([batch({ unit: 'us' })], {}, { limit: 1 })).split('\n');
    expect(lines[0]).toBe('100 us; 1 of 6 names');
    expect(lines[2]).toBe('self  self %  total  total %  name');
  });
  it('leaves the cells of a requested interval column empty if weights are times', async () => {
    const columns = ['name', 'self', 'self-interval'] as const;
    const lines = (await top([batch({ unit: 'us' })], { columns }, { limit: 1 })).split('\n');
    expect(lines[2]).toBe('name  self  95 %');
    expect(lines[3]).toMatch(/^sort +60 *$/);
  });
  it('shows the file name of a module without its directory', async () => {
    const table = new FrameList();
    const builder = new StackBuilder();
    builder.add(Uint32Array.of(table.add({ label: 'f', module: '/usr/lib/libx.so' })), 0, 1, 1);
    const lines = (await top([builder.take(table)], { columns: ['module', 'name'] })).split('\n');
    expect(lines.slice(2, 4)).toEqual(['module   name', 'libx.so  f']);
  });
  it("escapes Markdown's special characters in names", async () => {
    const odd = batchOf([{ frames: ['a|b*<c>`_[d]'], count: 1 }]);
    const columns = ['self', 'name'] as const;
    expect(await top([odd], { format: 'markdown', columns })).toBe(
      '1 sample; 1 name\n\n| self | name |\n| ---: | :--- |\n| 1 | a\\|b\\*\\<c\\>\\`\\_\\[d\\] |\n',
    );
  });
  it('is a single JSON object if the format is json', async () => {
    const json = await top([batch({ unit: 'us' })], { format: 'json' }, { limit: 1 });
    expect(JSON.parse(json)).toEqual({
      unit: 'us',
      weight: 100,
      filtered: 0,
      sort: 'self',
      names: 6,
      rows: [{ name: 'sort', self: { weight: 60, share: 0.6 }, total: { weight: 97, share: 0.97 } }],
    });
  });
});

describe('peek', () => {
  it('lists callers above each function and callees below it', async () => {
    expect(await peek([batch()], { names: /^(?:sort|wait)$/ })).toBe(
      `100 samples; 2 matching names

self  self %  total  total %  edge  edge %  name
                                97  100.00    from work
  60   60.00     97    97.00                sort
                                37   38.14    to compare

                                 1  100.00    from main
   1    1.00      1     1.00                wait
`,
    );
  });
  it('lists the requested number of functions, callers and callees, and reports their total numbers', async () => {
    const calls = ['x', 'y', 'z'].map((callee) => ({ frames: [callee, 'work', 'main'], count: 1 }));
    const lines = (await peek([batchOf(calls)], { names: /work|main/, limit: 1 })).split('\n');
    expect(lines[0]).toBe('3 samples; 1 of 2 matching names');
    expect(lines.slice(3).map((line) => line.trim())).toEqual([
      '0    0.00      3   100.00                main',
      '3  100.00    to work',
      '',
    ]);
    const work = (await peek([batchOf(calls)], { names: /work/, limit: 1 })).split('\n');
    expect(work.slice(5).map((line) => line.trim())).toEqual(['1   33.33    to x', 'to 2 more', '']);
  });
  it('does not end in a blank row in Markdown', async () => {
    const lines = (await peek([batch()], { names: /wait/ }, { format: 'markdown' })).split('\n');
    expect(lines.slice(4)).toEqual([
      '|  |  |  |  | 1 | 100.00 |   from main |',
      '| 1 | 1.00 | 1 | 1.00 |  |  | wait |',
      '',
    ]);
  });
});

describe('tree', () => {
  it("indents a frame's callees only if there are several", async () => {
    expect(await tree([batch()], { minShare: 0.01 })).toBe(
      `100 samples; entries under 1.00 % are left out

total %   self %  name
  98.00     0.00  ├─ main
  97.00     0.00  │  ├─ work
  97.00    60.00  │  │  sort
  37.00    37.00  │  │  compare
   1.00     1.00  │  └─ wait
   2.00     2.00  └─ init
`,
    );
  });
  it('reports the number of levels that it leaves out', async () => {
    const lines = (await tree([batch()], { maxDepth: 2 })).split('\n');
    expect(lines[0]).toBe(
      '100 samples; entries under 0.50 % are left out, and so are 2 levels below level 2',
    );
    expect(lines).not.toContain('sort');
  });
  it('is a fenced code block in Markdown', async () => {
    const lines = (await tree([batch()], {}, { format: 'markdown' })).trimEnd().split('\n');
    expect([lines[2], lines.at(-1)]).toEqual(['~~~~', '~~~~']);
  });
});

describe('text for a terminal', () => {
  const hostile = ['\u001b[31mred', 'a\u202eb', '\u009b2Jc', '\u2066d', 'e\u061cf', 'g\u007f\rh'];
  /** Returns stacks with hostile labels, which `labelOf` would have changed. */
  const frames = (): StackBatch => {
    const table = new FrameList();
    const builder = new StackBuilder();
    for (const label of hostile.toSorted())
      builder.add(Uint32Array.of(table.add({ label, module: label })), 0, 1, 1);
    return builder.take(table);
  };
  it('never contains a control character or a character that changes the text direction', async () => {
    for (const format of ['text', 'markdown'] as const)
      for (const out of [
        await top([frames()], { format }),
        await peek([frames()], { names: /./ }, { format }),
        await tree([frames()], {}, { format }),
      ]) {
        expect(out).toContain('31mred');
        expect(out).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
        );
      }
  });
  it('has no line that is wider than the terminal', async () => {
    const wide = batchOf([{ frames: ['名前名前名前名前名前', `x${'y'.repeat(100)}`], count: 1 }]);
    const columns = ['total', 'name'] as const;
    const lines = (await top([wide], { width: 20, columns })).split('\n');
    expect(lines.slice(2, 5)).toEqual(['total  name', '    1  名前名前名前…', '    1  xyyyyyyyyyyy…']);
    const shown = (await tree([wide], {}, { width: 30 })).split('\n');
    expect(shown[3]).toBe(' 100.00     0.00  xyyyyyyyyyy…');
  });
  it('shows high costs in red, medium costs in green, and the heading row in bold', async () => {
    const lines = (await top([batch()], { colours: true, columns: ['name'] })).split('\n');
    expect(lines.slice(2)).toEqual([
      '\u001b[1mname\u001b[0m',
      '\u001b[31msort\u001b[0m',
      '\u001b[31mcompare\u001b[0m',
      '\u001b[32minit\u001b[0m',
      '\u001b[32mwait\u001b[0m',
      'main',
      'work',
      '',
    ]);
  });
});

it('an invalid option is rejected', () => {
  expect(() => createTopText({ columns: ['weight'] } as unknown as TopOptions)).toThrow(TablesError);
  expect(() => createTreeText({ width: 3 })).toThrow(TablesError);
});
