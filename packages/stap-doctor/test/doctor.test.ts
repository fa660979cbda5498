import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose, Doctor } from '../src/doctor.ts';
import { DoctorError } from '../src/errors.ts';
import type { Finding } from '../src/finding.ts';
import { renderFindings } from '../src/render-findings.ts';
import { createDoctor, type Diagnosis } from '../src/transform.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/stderr/', import.meta.url));
const stderrOf = (name: string): Buffer => readFileSync(`${FIXTURES}${name}/stderr.txt`);
const CASES = readdirSync(FIXTURES);

/** The expected findings for each capture, determined by hand. Progress messages are not findings. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'burn-formats_g': ['note missing-unwind-data-unknown'],
  'burn-freq99': ['costs missing-unwind-data-kernel'],
  'burn-k_g': [],
  'burn-mixed_g': [],
  'burn-nocfi': [
    'costs missing-unwind-data',
    'note missing-unwind-data-kernel',
    'note missing-unwind-data-unknown',
  ],
  'burn-offtp_g': [],
  'burn-percomm_g': [],
  'burn-sprint_g': [],
  'burn-u_g': ['note missing-unwind-data-kernel'],
  'burn-uk_g': [],
  'endings-cmd_g': [],
  'endings-ctrlc_g': [],
  'endings-exit_g': [],
  'endings-many_ctx': ['costs transport-failures'],
  'endings-many_g': [],
  'endings-maxaction_g': [
    'costs buffer-resync',
    'costs too-many-actions',
    'costs errors-and-skipped',
    'costs transport-failures',
    'note missing-unwind-data-kernel',
  ],
  'endings-nopid': [],
  'endings-overflow_g': ['costs array-overflow', 'costs errors-and-skipped'],
  'endings-u_default': ['note missing-unwind-data-kernel'],
  'guide-gdb': ['costs no-debugging-symbols', 'costs debuginfo-packages-missing', 'note commands-for'],
  'guide-gdb-ptrace': ['blocks ptrace-not-permitted'],
  'guide-mirror': ['costs mirror-lacks-files'],
  'guide-sampler-after': [
    'note missing-unwind-data-deleted',
    'note bad-frame-header',
    'note linear-unwind-search',
  ],
  'guide-sampler-before': [
    'note own-module-data-not-found',
    'note missing-unwind-data-deleted',
    'note bad-frame-header',
    'note linear-unwind-search',
    'note read-address-failed',
  ],
  'programs-real_openssl': ['costs transport-failures', 'note missing-unwind-data-kernel'],
  'programs-real_perl': ['note missing-unwind-data-kernel'],
  'programs-strip': ['note missing-unwind-data-kernel'],
  'real-no-headers': ['blocks kernel-headers-missing', 'note commands-for'],
  'real-normal-user': ['blocks normal-user', 'note data-directory'],
  'real-pass-4': ['blocks stap-older-than-kernel', 'costs kernel-symbols-missing', 'note commands-for'],
  'smp-deep': ['note missing-unwind-data-unknown'],
  'stock-runtime-u_g': ['note missing-unwind-data-kernel', 'note read-address-failed'],
  'stock-runtime-u_nodata': [
    'costs missing-unwind-data',
    'note missing-unwind-data-kernel',
    'note missing-unwind-data-unknown',
  ],
};

interface Read {
  readonly bytes: Buffer;
  readonly codes: readonly (string | undefined)[];
  readonly findings: readonly Finding[];
}

/** Sends the input to the doctor in chunks of `size` bytes, and returns the output. */
async function read(input: Buffer, size: number, options = {}): Promise<Read> {
  const chunks = Array.from({ length: Math.ceil(input.length / size) }, (_, at) =>
    input.subarray(at * size, (at + 1) * size),
  );
  const lines: Uint8Array[] = [];
  const codes: (string | undefined)[] = [];
  const findings: Finding[] = [];
  await pipeline(Readable.from(chunks), createDoctor(options), async (all: AsyncIterable<Diagnosis>) => {
    for await (const each of all)
      if ('finding' in each) findings.push(each.finding);
      else {
        lines.push(each.line.bytes, Buffer.from('\n'));
        codes.push(each.line.code);
      }
  });
  return { bytes: Buffer.concat(lines), codes, findings };
}

const named = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ severity, code }) => `${severity} ${code}`);

describe('real messages', () => {
  it('come from exactly the captures that have expected findings in this test', () => {
    expect(CASES).toEqual(Object.keys(EXPECTED));
  });

  it.each(CASES)('%s results in exactly the expected findings', async (name) => {
    const findings = diagnose(stderrOf(name).toString());
    expect(named(findings)).toEqual(EXPECTED[name]);
    await expect(renderFindings(findings)).toMatchFileSnapshot(`${FIXTURES}${name}/findings.txt`);
  });

  it('result in fixes for CentOS 6 if that distribution is given', async () => {
    const distribution = { id: 'centos', version: '6.8' } as const;
    const text = ['guide-gdb', 'guide-mirror'].map((name) => stderrOf(name).toString()).join('');
    await expect(renderFindings(diagnose(text, { distribution }))).toMatchFileSnapshot(
      'fixtures/commands/guide-on-centos.txt',
    );
  });
});

describe('the stream', () => {
  it.each([1, 2, 3, 61, 4099])('produces the same output for chunks of %i bytes', async (size) => {
    const input = Buffer.concat(CASES.map(stderrOf));
    const whole = await read(input, input.length);
    expect(await read(input, size)).toEqual(whole);
    expect(whole.bytes).toEqual(input);
    expect(whole.findings).toEqual(
      diagnose(input.toString()).map((each) => expect.objectContaining({ code: each.code })),
    );
  });

  it('passes on every line unchanged, with the code of the message if it is known', async () => {
    const input = Buffer.concat([
      Buffer.from("caf\u00e9 \u001b[31mred\u001b[m\r\n\nWARNING: Time's up. Quitting now\n"),
      Buffer.from([0xff, 0x00, 0xc3, 0x0a]),
      Buffer.from('ptrace: Operation not permitted.'),
    ]);
    const { bytes, codes, findings } = await read(input, 5);
    expect(bytes).toEqual(Buffer.concat([input, Buffer.from('\n')]));
    expect(codes).toEqual([undefined, undefined, 'time-is-up', undefined, 'ptrace-not-permitted']);
    expect(findings.map(({ evidence }) => evidence)).toEqual([
      { text: 'ptrace: Operation not permitted.', line: 5, offset: input.lastIndexOf('ptrace') },
    ]);
  });

  it('passes on arbitrary bytes unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        async (text, size) => {
          const input = Buffer.from([...text, 0x0a]);
          expect((await read(input, size)).bytes).toEqual(input);
        },
      ),
    );
  });

  it.each([1, 7, 1000])('skips and counts overlong lines that arrive in chunks of %i bytes', async (size) => {
    const long = 'x'.repeat(50);
    const input = Buffer.from(`a\n${long}\nptrace: Operation not permitted.\n${long}`);
    const { bytes, findings } = await read(input, size, { maxLine: 40 });
    expect(bytes.toString()).toBe('a\nptrace: Operation not permitted.\n');
    expect(named(findings)).toEqual(['blocks ptrace-not-permitted', 'note lines-passed-over']);
    expect(findings[1]!.values).toMatchObject({ bytes: '101' });
  });

  it('reports a blocking finding if the only line is too long', async () => {
    const { findings } = await read(Buffer.from(`${'x'.repeat(50)}\n`), 7, { maxLine: 40 });
    expect(findings).toMatchObject([{ code: 'lines-passed-over', severity: 'blocks', obstacle: 'unknown' }]);
  });

  it('outputs nothing for empty input', async () => {
    expect(await read(Buffer.alloc(0), 1)).toEqual({ bytes: Buffer.alloc(0), codes: [], findings: [] });
  });
});

describe('several lines', () => {
  it('of one message make one finding, wherever the message is wrapped', () => {
    const words = Array.from({ length: 30 }, (_, at) => `lib${at}-1.${at}-2.el6.x86_64`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 20 }), (widths) => {
        let text = 'Missing separate debuginfos, use: debuginfo-install';
        for (const [at, word] of words.entries())
          text += `${at > 0 && widths[at % widths.length] === 1 ? '\n    ' : ' '}${word}`;
        const findings = diagnose(`${text}\nnginx-1.2.3 is another line\n`);
        expect(named(findings)).toEqual(['costs debuginfo-packages-missing', 'note commands-for']);
        expect(findings[0]!.values).toEqual({ packages: words.join(' ') });
      }),
    );
  });

  it('with the same message make one finding, which counts them and names all of their modules', () => {
    const line = (file: string): string =>
      `WARNING: Missing unwind data for a module, rerun with 'stap -d ${file}'\n`;
    const files = ['/opt/a.so', '/opt/b c.so', '/opt/a.so'];
    const [finding, ...others] = diagnose(files.map(line).join(''));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      values: { module: '/opt/a.so\n/opt/b c.so' },
      evidence: { line: 1, count: 3 },
      fixes: [{ again: ['-d', '/opt/a.so', '-d', '/opt/b c.so'] }],
    });
  });

  it('result in a finding about the failure only if none of them shows its cause', () => {
    const failure =
      'WARNING: /usr/bin/staprun exited with status: 1\nPass 5: run failed.  [man error::pass5]\n';
    expect(
      named(
        diagnose(
          `ERROR: Skipped too many probes, check MAXSKIPPED or try again with stap -t for more details.\n${failure}`,
        ),
      ),
    ).toEqual(['costs too-many-skipped']);
    expect(named(diagnose(failure))).toEqual(['costs staprun-failed', 'costs pass-failed']);
    expect(
      named(diagnose('WARNING: There were 1 transport failures.\nPass 4: compilation failed.\n')),
    ).toEqual(['blocks compilation-failed', 'costs transport-failures']);
  });
});

describe('the doctor', () => {
  it('limits the number of findings, and counts the rest', () => {
    const text = Array.from(
      { length: 50 },
      (_, at) => `WARNING: There were ${at} lost messages, 7 lost bytes.`,
    ).join('\n');
    const findings = diagnose(text, { maxFindings: 10 });
    expect(findings.length).toBe(11);
    expect(findings.at(-1)).toMatchObject({ code: 'more-findings', values: { count: '40' } });
  });

  it('limits the number of modules in a finding', () => {
    const doctor = new Doctor();
    for (let at = 0; at < 5000; at++)
      doctor.read(`WARNING: Missing unwind data for a module, rerun with 'stap -d /opt/${at}.so'`);
    expect(
      doctor.findings.map(({ evidence, values }) => [evidence!.count, values['module']!.split('\n').length]),
    ).toEqual([[5000, 100]]);
  });

  it('removes characters that could control a terminal', () => {
    const text =
      "ERROR: Couldn't insert module '/tmp/\u001b]0;owned\u0007\u009b31m\u202ex\u001b[2J.ko': File exists\nWARNING: Missing unwind data for a module, rerun with 'stap -d /opt/\u001b[31m\u0008a\u0085'\n";
    const findings = diagnose(text);
    expect(findings.length).toBe(2);
    expect(renderFindings(findings)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.stringify(findings)).not.toMatch(/\\u00[01]|[\u007f-\u009f\u202e]/);
  });

  it.each([
    [{ maxLine: 0 }, 'maxLine'],
    [{ distribution: { id: 'beos' } }, 'distribution.id'],
    [{ stack: 'user' }, 'options'],
  ])('rejects the options %j', (options, field) => {
    const error = catching(() => createDoctor(options as never));
    expect(error).toBeInstanceOf(DoctorError);
    expect(error).toMatchObject({ code: 'INVALID_OPTIONS', message: expect.stringContaining(field) });
  });
});

function catching(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
