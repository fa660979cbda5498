import { describe, expect, it } from 'vitest';
import { read } from './read.ts';

const A = ' 0x1 : a+0x1/0x2 [/bin/p]\n';
const B = ' 0x2 : b+0x1/0x2 [/bin/p]\n';
const K = ' 0xffffffff81000000 : k+0x1/0x2 [kernel]\n';

describe('records', () => {
  it('consist of the lines up to a count line', () => {
    expect(read(`${A}${B}\t5\n${B}\t7\n`).stacks).toEqual(['b;a 5', 'b 7']);
  });
  it('are the same with blank lines and CRLF', () => {
    expect(read(`${A}\n\n${B}\t5\n`.replaceAll('\n', '\r\n')).stacks).toEqual(['b;a 5']);
  });
  it('use unrecognised lines before the first frame as root frames, the first line outermost', () => {
    expect(read(`proc;1\nthread 2\n${A}${B}\t1\n`).stacks).toEqual(['proc:1;thread 2;b;a 1']);
  });
  it('use unrecognised lines between and after frames as frames', () => {
    expect(read(`${A}weird line\n${B}comm/3\n\t1\n`).stacks).toEqual(['comm/3;b;weird line;a 1']);
  });
  it('use all lines as frames, leaf first, if no line is recognised', () => {
    expect(read('leaf\nmid\nroot\n\t4\n').stacks).toEqual(['root;mid;leaf 4']);
  });
  it('are counted under [unknown] if they have no lines', () => {
    expect(read('\t4\n').stacks).toEqual(['[unknown] 4']);
  });
  it('keep only one of the first two frames if both have the same kernel address', () => {
    const inexact = K.replace('\n', ' (inexact)\n');
    expect(read(`${K}${inexact}${K}${A}\t1\n`).stacks).toEqual(['a;k;k 1']);
    expect(read(`${A}${A}\t1\n`).stacks).toEqual(['a;a 1']);
    expect(read(`${K}${A}${K}\t1\n`).stacks).toEqual(['k;a;k 1']);
  });
  it("do not keep frames in the probe's module", () => {
    const own =
      ' 0xffffffffc0000000 : 0xffffffffc0000000 [stap_0bfcdd63ad3f579440e1276ddf12a591_7553+0x1/0x0]\n';
    expect(read(`${own}${K}\t1\n${own}\t2\n`).stacks).toEqual(['k 1', '[unknown] 2']);
  });
  it('are truncated if the input ends before their count line', () => {
    const { stacks, summary } = read(`${A}\t1\n${B}`);
    expect(stacks).toEqual(['a 1']);
    expect(summary).toMatchObject({ truncated: 1, complete: false });
  });
  it('are truncated if the last line does not end in a line feed', () => {
    expect(read(`${A}\t1`).summary).toMatchObject({ records: 0, truncated: 1 });
    expect(read(`${A}\t1\nEND`).summary).toMatchObject({ records: 1, truncated: 1 });
  });
  it('do not include unrecognised lines after the last count line, which are counted as ignored', () => {
    expect(read(`${A}\t1\nEND\nbye\n`).summary).toMatchObject({
      ignoredLines: 2,
      truncated: 0,
      complete: true,
    });
  });
});

describe('labels', () => {
  it('contain no semicolons, control characters or invalid UTF-8', () => {
    const bytes = new Uint8Array([
      ...new TextEncoder().encode('x;y\tz '),
      0xff,
      0x0a,
      ...new TextEncoder().encode('\t1\n'),
    ]);
    expect(read(bytes).stacks).toEqual(['x:y z \ufffd 1']);
  });
  it('do not begin like comments in folded text', () => {
    expect(read(`#\n\t1\n# x\n\t2\n#x\n\t3\n`).stacks).toEqual(['#_ 1', '#_x 2', '#x 3']);
  });
  it('show the module, offset, kernel mark and address if requested', () => {
    const label = { module: true, offset: true, kernel: true, address: true };
    expect(read(`${K} 0x3 [/lib/l.so+0x9/0x0]\n 0x4\n\t1\n`, { label }).stacks).toEqual([
      '0x4;[l.so] 0x3;k+0x1 [kernel]_[k] 1',
    ]);
    expect(read(`${K} 0x3 [/lib/l.so+0x9/0x0]\n 0x4\n\t1\n`).stacks).toEqual(['[unknown];[l.so];k 1']);
  });
});

describe('damage', () => {
  it.each(['\u0000', '\u0007', '\u001f', '\u007f'])(
    'by the control byte %j is counted under [damaged]',
    (byte) => {
      const { stacks, summary } = read(`${A}\t1\n${A}x${byte}y\n${B}\t3\n${A}\t1\n`);
      expect(stacks).toEqual(['a 1', '[damaged] 3', 'a 1']);
      expect(summary).toMatchObject({ damaged: 1, damagedWeight: 3, complete: false });
      expect(summary.damage).toEqual([{ offset: A.length * 2 + 3, reason: 'control-byte' }]);
    },
  );
  it.each(['\t-5\n', '\t1.5\n', '\t0x10\n', '\tx\n'])(
    'in the count line %j leaves out the record, because its weight is unknown',
    (count) => {
      const { stacks, summary } = read(`${A}${count}${B}\t2\n`);
      expect(stacks).toEqual(['b 2']);
      expect(summary).toMatchObject({ damaged: 1, weight: 2, complete: false });
      expect(summary.damage).toEqual([{ offset: A.length, reason: 'count' }]);
    },
  );
  it('by an overlong line is found with any chunk size, and does not affect the next record', () => {
    const trace = `${A}${'x'.repeat(5000)}\n\t2\n${B}\t1\n`;
    for (const size of [1, 61, 4099, Infinity]) {
      const { stacks, summary } = read(trace, { maxLineLength: 1000 }, size);
      expect(stacks).toEqual(['[damaged] 2', 'b 1']);
      expect(summary.damage).toEqual([{ offset: A.length, reason: 'long-line' }]);
    }
  });
  it('by too many lines does not change the weight', () => {
    const { stacks, summary } = read(`${A.repeat(300)}\t2\n${A.repeat(200)}\t1\n`, { maxRecordLines: 256 });
    expect(stacks[0]).toBe('[damaged] 2');
    expect(stacks[1]).toBe(`${'a;'.repeat(199)}a 1`);
    expect(summary.damage).toEqual([{ offset: 0, reason: 'long-record' }]);
  });
  it('is counted in full, but only the first damaged records are listed', () => {
    const { summary } = read(`${A}\tx\n`.repeat(500));
    expect(summary.damage.length).toBe(100);
    expect(summary.damaged).toBe(500);
  });
});

describe('counts', () => {
  it('are exact up to 2^53 - 1, with or without leading zeros', () => {
    expect(read(`${A}\t9007199254740991\n${A}\t000000000000000000001\n`).stacks).toEqual([
      'a 9007199254740991',
      'a 1',
    ]);
  });
});

describe('lines from stderr', () => {
  it('are read as messages, not as frames', () => {
    const { stacks, summary } = read(
      `${A}WARNING: Missing unwind data for a module, rerun with 'stap -d kernel'\n${B}\t1\n`,
    );
    expect(stacks).toEqual(['b;a 1']);
    expect(summary).toMatchObject({ diagnosticCount: 1, errors: 0, complete: true });
    expect(summary.diagnostics[0]?.offset).toBe(A.length);
  });
  it.each(['ERROR: MAXACTION exceeded', 'WARNING: There were 3 transport failures.'])(
    'that report losses, such as %j, make the input incomplete',
    (line) => {
      expect(read(`${A}\t1\n${line}\n`).summary).toMatchObject({ errors: 1, complete: false });
    },
  );
  it('may be coloured', () => {
    const { stacks, summary } = read(
      `${A}\u001b[01;35mWARNING:\u001b[0m Missing unwind data\n\t1\n`.replace(
        'WARNING:\u001b[0m ',
        'WARNING: \u001b[0m',
      ),
    );
    expect(stacks).toEqual(['a 1']);
    expect(summary.diagnosticCount).toBe(1);
  });
});

describe('other dialects', () => {
  it('separate samples by blank lines, but only if requested', () => {
    const trace = `t1\n${A}${B}\nt2\n${B}\n`;
    expect(read(trace).summary).toMatchObject({ records: 0, truncated: 1 });
    expect(read(trace, { blankSeparated: true }).stacks).toEqual(['t1;b;a 1', 't2;b 1']);
    expect(read(`${A}\n\n\n${B}`, { blankSeparated: true }).stacks).toEqual(['a 1', 'b 1']);
  });
  it('include global arrays that stap prints at the end', () => {
    const dump =
      'ubt["bar+0x32 [foo]\\nmain+0x48 [foo]"]=0x77\nbts["my \\"comm\\"",201,"bar+0x32 [foo]\\nmain+0x48 [foo]\\n"] @count=0x5 @min=0x1\n';
    expect(read(dump).stacks).toEqual(['main;bar 119', 'my "comm";201;main;bar 5']);
  });
  it('include the output of stap --remote-prefix, with a separate record for each host', () => {
    const trace = `0: thread\n0:${A}1:${B}0:${B}1: \t3\n0: \t2\n`
      .replaceAll(/^(\d):  ?/gm, '$1:  ')
      .replaceAll(/^(\d):  (thread|\t)/gm, '$1: $2');
    expect(read(trace).stacks).toEqual(['b 3', 'thread;b;a 2']);
    expect(read(trace, { hostFrames: true }).stacks).toEqual(['host 1;b 3', 'host 0;thread;b;a 2']);
  });
});

describe('framed records', () => {
  it("use the host's name from the header as a root frame if requested", () => {
    const trace = (name: string): string =>
      `# stapflame 1 mode=stream host=${name}\n#< 0 5\n${A}#> 0 5\n\t1\n`;
    const both = [...trace('web1').matchAll(/.*\n/g)].map(([line]) => `0: ${line}`).join('');
    expect(read(both, { hostFrames: true }).stacks).toEqual(['web1;a 1']);
    expect(read(trace('web2'), { hostFrames: true }).stacks).toEqual(['web2;a 1']);
    expect(read(trace('web2')).stacks).toEqual(['a 1']);
  });

  const HEADER = '# stapflame 1 mode=stream hz=99 pids=1 unit=samples maxbacktrace=3\n';
  const record = (cpu: number, time: number, body: string): string =>
    `#< ${cpu} ${time}\n${body}comm/7\n#> ${cpu} ${time}\n\t1\n`;
  const END = (hits: number): string => `# stapflame end hits=${hits}\n`;

  it('are complete if they have one `#<` and one matching `#>`', () => {
    const { stacks, summary } = read(`${HEADER}${record(0, 5, A)}#. 6\n${record(1, 7, B)}${END(2)}`);
    expect(stacks).toEqual(['comm/7;a 1', 'comm/7;b 1']);
    expect(summary).toMatchObject({ damaged: 0, lost: 0, ignoredLines: 0, complete: true });
  });
  it.each([
    ['contain another record', `#< 0 5\n${A}${record(1, 6, B)}${B}comm/7\n#> 0 5\n\t1\n`],
    ["end with another record's `#>`", `#< 0 5\n${A}#> 1 5\n\t1\n${A}\t1\n`],
    ['have no `#<` and `#>`', `${A}\t1\n${A}\t1\n`],
    ['continue after their `#>`', `#< 0 5\n${A}#> 0 5\n${B}\t1\n#< 0 6\n#> 0 6\n${B}\t1\n`],
  ])('that %s are damaged and keep their weight', (_, trace) => {
    const { stacks, summary } = read(`${HEADER}${trace}${END(2)}`);
    expect(stacks).toEqual(['[damaged] 1', '[damaged] 1']);
    expect(summary).toMatchObject({ damaged: 2, damagedWeight: 2, complete: false });
  });
  it('are counted as lost if they did not arrive, and as damaged if they arrived twice', () => {
    expect(read(`${HEADER}${record(0, 5, A)}${END(4)}`).summary).toMatchObject({ lost: 3, complete: false });
    expect(read(`${HEADER}${record(0, 5, A).repeat(3)}${END(1)}`).summary).toMatchObject({
      damaged: 2,
      complete: false,
    });
  });
  it('are incomplete without a trailer', () => {
    expect(read(`${HEADER}${record(0, 5, A)}`).summary).toMatchObject({
      trailerMissing: true,
      complete: false,
    });
  });
  it('are incomplete after a script error', () => {
    expect(read(`${HEADER}${record(0, 5, A)}# stapflame error hits=1\n`).summary).toMatchObject({
      errors: 1,
      complete: false,
    });
  });
  it.each([
    ['samples', 'hz=99 pids=1 unit=samples', 'hits=9', 9],
    ['microseconds, with their sum in the trailer', 'pids=1 unit=us', 'hits=2 sum=900', 900],
    ['microseconds, without a sum, as in older trailers', 'pids=1 unit=us', 'hits=2', 7],
  ])(
    'are not counted as lost in aggregated traces, which have a weight beyond the limit instead (%s)',
    (_, header, trailer, all) => {
      const trace = `# stapflame 1 mode=aggregate ${header} limit=2\n${A}\t4\n${B}\t3\n# stapflame end ${trailer}\n`;
      expect(read(trace).summary).toMatchObject({ weight: 7, beyondLimit: all - 7, lost: 0, complete: true });
    },
  );
  it('that reach the depth limit are marked as cut, with their thread as the root', () => {
    const { stacks, summary } = read(`${HEADER}${record(0, 5, A + B + A)}${record(0, 6, A + B)}${END(2)}`);
    expect(stacks).toEqual(['comm/7;[cut];a;b;a 1', 'comm/7;b;a 1']);
    expect(summary).toMatchObject({ cut: 1, complete: true });
  });

  const named = (name: string): string => `#< 0 5\n${A}${B}${name}\n#> 0 5\n\t1\n`;
  it.each([
    'ERROR: x',
    'ERROR: x/4242',
    'WARNING: \\"y\\"',
    'Pass 5: failed/1',
    'stapio: x',
    '0: #. 5',
    'a[1]=0x1',
  ])('use the last line before `#>` as the root frame, even if it is %j', (name) => {
    for (const scanner of ['reference', 'wasm'] as const) {
      for (const size of [1, 7, Infinity]) {
        const { stacks, summary } = read(`${HEADER}${named(name).repeat(2)}${END(2)}`, { scanner }, size);
        expect(stacks).toEqual([1, 2].map(() => `${name.replaceAll('\\', '\\')};b;a 1`));
        expect(summary).toMatchObject({ complete: true, diagnosticCount: 0, errors: 0, ignoredLines: 0 });
      }
    }
  });
  it('use the name after the mark, unescaped, as the root frame', () => {
    const { stacks } = read(
      `${HEADER}${named('#= ERROR: \\"\\\\\\u00e9\\u00E9\\303\\251\\377;\\n/7')}${END(1)}`,
    );
    expect(stacks).toEqual(['ERROR: "\\\\u00e9éé\ufffd:\ufffd/7;b;a 1']);
  });
  it.each([
    ['before the first frame', `#< 0 5\nERROR: x\n${A}${B}comm\n#> 0 5\n\t1\n`],
    ['between frames', `#< 0 5\n${A}ERROR: x\n${B}comm\n#> 0 5\n\t1\n`],
    ['before the root', `#< 0 5\n${A}${B}ERROR: x\ncomm\n#> 0 5\n\t1\n`],
    ['before a root that looks like a message', `#< 0 5\n${A}${B}ERROR: x\nERROR: comm\n#> 0 5\n\t1\n`],
    [
      'before `#>` that is too long for a name',
      `#< 0 5\n${A}${B}comm\nERROR: MAXACTION exceeded near\n#> 0 5\n\t1\n`,
    ],
    ['between `#>` and the count line', `#< 0 5\n${A}${B}comm\n#> 0 5\nERROR: x\n\t1\n`],
  ])('keep their frames if they contain a message %s, which is reported', (_, trace) => {
    for (const scanner of ['reference', 'wasm'] as const) {
      for (const prefix of ['', '0: ']) {
        const text = `${HEADER}${trace}${END(1)}`
          .replaceAll(/^/gm, prefix)
          .slice(0, -prefix.length || undefined);
        const { stacks, summary } = read(text, { scanner });
        expect(stacks).toEqual([expect.stringMatching(/^(?:ERROR: )?comm;b;a 1$/)]);
        expect(summary).toMatchObject({ diagnosticCount: 1, errors: 1, damaged: 0, complete: false });
        expect(text.slice(summary.diagnostics[0]!.offset + prefix.length)).toMatch(/^ERROR: (?:x|MAX)/);
      }
    }
  });
  it('may be followed by a message at the end of the input, which is counted', () => {
    expect(read(`${HEADER}#< 0 5\n${A}ERROR: x\n`).summary).toMatchObject({ errors: 1, truncated: 1 });
  });
});

it('reads a record with a million frames, and counts it as damaged if it has more lines than allowed', () => {
  for (const scanner of ['reference', 'wasm'] as const) {
    expect(
      read(`${A.repeat(1_000_000)}\t3\n${A}\t1\n`, { scanner, maxRecordLines: 65_536 }).summary,
    ).toMatchObject({
      records: 2,
      whole: 1,
      damaged: 1,
      damagedWeight: 3,
      damage: [{ offset: 0, reason: 'long-record' }],
    });
  }
});
