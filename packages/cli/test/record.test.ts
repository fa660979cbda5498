import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../testing/cleanup.ts';
import { startProcess, startReading } from '../../../testing/processes.ts';
import { until } from '../../../testing/until.ts';
import { MAIN, stapflameAlone as stapflame, type Finished } from './stapflame.ts';

const HEADER = '# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128';
const RECORD = '#< 0 5\n 0x401000 : work+0x4/0x10 [/opt/demo/bin/burn]\nburn\n#> 0 5\n\t1';
const WHOLE = `${HEADER}\n${RECORD}\n# stapflame end hits=1\n`;

/** The id of an existing process. */
const pid = String(process.pid);
let directory: string;
beforeAll(() => {
  directory = temporaryDirectory();
});

/** Runs `record` with the shell script `stap` in place of stap or, if `stap` is undefined, without any stap. */
function record(stap: string | undefined, ...words: string[]): Promise<Finished> {
  return sampling('record', stap, ...words);
}

function sampling(
  command: 'record' | 'flame',
  stap: string | undefined,
  ...words: string[]
): Promise<Finished> {
  return samplingOf(command, stap, '-p', pid, '-t', '5', ...words);
}

/** Runs a sampling command in the same way as `record`, with the target named by `words`. */
function samplingOf(
  command: 'record' | 'flame',
  stap: string | undefined,
  ...words: string[]
): Promise<Finished> {
  const file = join(directory, 'stap');
  rmSync(file, { force: true });
  if (stap !== undefined) {
    writeFileSync(
      file,
      `#!/bin/sh\ncat > ${directory}/script; printf '%s\\n' "$@" > ${directory}/words\n${stap}\n`,
    );
    chmodSync(file, 0o755);
  }
  const env = {
    ...process.env,
    PATH: stap === undefined ? directory : `${directory}:${process.env['PATH']}`,
  };
  const all = [MAIN, command, ...words];
  const { child, end } = startReading(process.execPath, all, { env });
  child.stdin!.end();
  return end;
}

it("passes the generated script and arguments to stap, and writes stap's trace", async () => {
  const { code, stdout } = await record(`printf '%s' '${WHOLE}'`, '-u');
  expect({ code, stdout }).toEqual({ code: 0, stdout: WHOLE });
  expect(readFileSync(join(directory, 'script'), 'utf8')).toContain('probe perf.sw.cpu_clock.hz(99)');
  const words = readFileSync(join(directory, 'words'), 'utf8').trimEnd().split('\n');
  expect(words.slice(0, 2)).toEqual(['-x', pid]);
  expect(words.at(-1)).toBe('-');
});

it('keeps an earlier trace if a run ends before anything has been received', async () => {
  const file = join(directory, 'earlier.bt');
  writeFileSync(file, WHOLE);
  const { code, stderr } = await record('echo "ERROR: failed" >&2; exit 1', '-o', file);
  expect(code).not.toBe(0);
  expect(stderr).not.toContain('was written');
  expect(readFileSync(file, 'utf8')).toBe(WHOLE);
  expect((await record(undefined, '-o', file)).stderr).toContain('stapflame doctor says how');
  expect(readFileSync(file, 'utf8')).toBe(WHOLE);
  await record(`printf '%s' '${HEADER}'; exit 1`, '-o', file);
  expect(readFileSync(file, 'utf8')).toContain(HEADER);
  expect(readFileSync(file, 'utf8')).not.toBe(WHOLE);
});

it('reports that there is no such process', async () => {
  const { code, stderr } = await stapflame(['record', '-p', '4194304', '-t', '5']);
  expect(code).toBe(75);
  expect(stderr).toContain('there is no process 4194304');
});

it('writes the trace to the -o file', async () => {
  const file = join(directory, 'trace.bt');
  expect((await record(`printf '%s' '${WHOLE}'`, '-o', file)).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(WHOLE);
});

it.each([
  [69, 'there is no stap', undefined],
  [77, 'the user is not root', "echo 'ERROR: You are trying to run systemtap as a normal user.' >&2; exit 1"],
  [78, 'the script does not compile', "echo 'Pass 4: compilation failed.  [man error::pass4]' >&2; exit 1"],
  [75, 'the run failed', "echo 'Pass 5: run failed.  [man error::pass5]' >&2; exit 1"],
  [75, 'the target was idle', `printf '%s\\n' '${HEADER}' '# stapflame end hits=0'`],
  [75, 'stap printed nothing', 'true'],
])('exits with %i if %s', async (code, _, stap) => {
  expect((await record(stap)).code).toBe(code);
});

it.each([
  ['has no trailer', `${HEADER}\n${RECORD}\n`, 'no trailer'],
  [
    'ended because of an error in the script',
    `${HEADER}\n${RECORD}\n# stapflame error hits=1\n`,
    'failed with an error',
  ],
  [
    'lacks samples',
    `${HEADER}\n${RECORD}\n# stapflame end hits=4\n`,
    '3 of 4 samples are missing from the trace',
  ],
])(
  'keeps a trace that %s, reports the problem, and exits with 75 even if stap exits with 0',
  async (_, trace, message) => {
    const { code, stdout, stderr } = await record(`printf '%s' '${trace}'`);
    expect({ code, stdout }).toEqual({ code: 75, stdout: trace });
    expect(stderr).toContain(message);
  },
);

it("reports the sampled command's exit code, and calls the trace complete whatever that code is", async () => {
  const stap = `printf '%s' '${WHOLE}'; echo 'WARNING: Child process exited with status 3' >&2; exit 1`;
  const { code, stdout, stderr } = await record(stap);
  expect({ code, stdout }).toEqual({ code: 0, stdout: WHOLE });
  expect(stderr).toContain('the command ended with status 3; the trace is complete');
});

it('keeps what stap printed before it failed', async () => {
  const { code, stdout } = await record(`printf '%s\\n' '${HEADER}'; exit 1`);
  expect({ code, stdout }).toEqual({ code: 75, stdout: `${HEADER}\n` });
});

const asks = (...files: string[]): string =>
  files
    .map((file) => `echo "WARNING: Missing unwind data for a module, rerun with 'stap -d ${file}'" >&2\n`)
    .join('');
const IN_VAIN = ['kernel', '(unknown; retry with -DDEBUG_UNWIND)', '/opt/b (deleted)', 'stap_0f1e2d_77'];

it('suggests a command with the files that stap asks for, except those that would not help', async () => {
  const { stderr } = await record(
    `${asks('/opt/lib/a b.so', ...IN_VAIN, '/opt/lib/a b.so')}\nprintf '%s' '${WHOLE}'`,
  );
  expect(stderr).toContain(`: stapflame record -p ${pid} -t 5 -d '/opt/lib/a b.so'\n`);
});

it('suggests a command that can be pasted even if it contains a name that is not valid UTF-8', async () => {
  // the script is written as UTF-8, so printf must create the invalid byte
  const says = `printf "WARNING: Missing unwind data for a module, rerun with 'stap -d /opt/a\\377b.so'\\n" >&2`;
  const { stderr } = await record(`${says}\nprintf '%s' '${WHOLE}'`);
  const [, flags] = /again with: stapflame record (.*)\n/.exec(stderr)!;
  expect(flags).toBe(`-p ${pid} -t 5 -d $'/opt/a\\377b.so'`);
  execFileSync('bash', ['-c', `"${process.execPath}" "${MAIN}" record ${flags}`], {
    env: { ...process.env, PATH: `${directory}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(readFileSync(join(directory, 'words'), 'latin1')).toContain('\n/opt/a\xffb.so\n');
});

describe('advice for a better picture', () => {
  const advice = async (messages: readonly string[], ...words: string[]): Promise<readonly string[]> => {
    const said = messages.map((line) => `echo "${line}" >&2\n`).join('');
    const { stderr } = await record(`${said}printf '%s' '${WHOLE}'`, ...words);
    const last = stderr.lastIndexOf(`${messages.at(-1)}\n`) + `${messages.at(-1)}\n`.length;
    return stderr.slice(last).split('\n').filter(Boolean);
  };
  const LOST = 'WARNING: There were 4 transport failures. Try stap -s to increase the buffer size from 16.';

  it('has one line per problem, and ends with the complete command', async () => {
    const lines = await advice([
      "WARNING: Missing unwind data for a module, rerun with 'stap -d /opt/a.so'",
      "WARNING: Missing unwind data for module, rerun with 'stap -d /opt/b.so'",
      LOST,
    ]);
    expect(lines).toEqual([
      expect.stringMatching(/^stapflame: Stacks end at the first frame .* for \/opt\/a\.so, \/opt\/b\.so\.$/),
      expect.stringMatching(/^stapflame: The trace was written faster than it was read/),
      `stapflame: add --rerun, or sample again with: stapflame record -p ${pid} -t 5 -d /opt/a.so -d /opt/b.so -a '-s 64'`,
    ]);
  });

  it('has at most five lines, however many problems there are', async () => {
    const lines = await advice([
      LOST,
      'ERROR: MAXACTION exceeded',
      'ERROR: Skipped too many probes, check MAXSKIPPED or try again with stap -t for more details.',
      'WARNING: There were 3 lost messages, 70 lost bytes.',
      "WARNING: Missing unwind data for a module, rerun with 'stap -d /opt/a.so'",
    ]);
    expect(lines).toHaveLength(5);
    expect(lines[3]).toContain('and 2 more; stapflame doctor');
    expect(lines[4]).toBe(
      `stapflame: add --rerun, or sample again with: stapflame record -p ${pid} -t 5 -a '-s 64' -l 200 -F 19 -d /opt/a.so`,
    );
  });

  it('is absent if there was no problem', async () => {
    expect(await advice(["WARNING: Time's up. Quitting now...(it may take a while)"])).toEqual([]);
  });
});

describe('--rerun', () => {
  let lacked: string;
  beforeAll(() => {
    lacked = join(directory, 'lacked.so');
    writeFileSync(lacked, '');
  });
  const again = (second: string): string =>
    `if grep -qx ${lacked} ${join('$(dirname "$0")', 'words')}; then\n${second}\nelse\n${asks(lacked)}printf '%s' '${WHOLE}'\nfi`;

  it('samples again with the files that stap lacked, and keeps only the second trace', async () => {
    const second = WHOLE.replaceAll('work', 'named');
    expect(await record(again(`printf '%s' '${second}'`), '--rerun')).toMatchObject({
      code: 0,
      stdout: second,
    });
  });

  it('keeps the first trace if the second run fails', async () => {
    const { code, stdout, stderr } = await record(again('exit 1'), '--rerun');
    expect({ code, stdout }).toEqual({ code: 0, stdout: WHOLE });
    expect(stderr).toContain('the second run failed');
  });

  it.each(['pipe', 'link', 'nothing'])(
    'does not let stap open a path that the target chose: %s',
    async (what) => {
      const [named, count] = [join(directory, `named-${what}`), join(directory, `count-${what}`)];
      if (what === 'pipe') execFileSync('mkfifo', [named]);
      if (what === 'link') symlinkSync('/dev/null', named);
      const { stdout } = await record(`echo x >> ${count}\n${asks(named)}printf '%s' '${WHOLE}'`, '--rerun');
      expect(stdout).toBe(WHOLE);
      expect(readFileSync(count, 'utf8')).toBe('x\n');
    },
  );

  it('samples only once if the files that stap asks for would not help', async () => {
    const count = join(directory, 'count');
    const { stdout } = await record(
      `echo x >> ${count}\n${asks(...IN_VAIN)}printf '%s' '${WHOLE}'`,
      '--rerun',
    );
    expect(stdout).toBe(WHOLE);
    expect(readFileSync(count, 'utf8')).toBe('x\n');
  });
});

describe('flame -p', () => {
  const library = fileURLToPath(
    new URL('../../symbols/test/fixtures/elf/exported/stripped.so', import.meta.url),
  );
  const at = (mark: number, offset: number): string =>
    `#< 0 ${mark}\n 0x7f00000012d0 : first+0x${offset.toString(16)}/0x4a [${library}]\nburn\n#> 0 ${mark}\n\t1\n`;
  // the function `first` is 0x14 bytes long, but the distance to the next exported function is 0x4a
  const nearest = `${HEADER}\n${at(1, 0x10)}${at(2, 0x20)}${at(3, 0x49)}# stapflame end hits=3\n`;

  it.each([
    ['-p', (own: string) => ['-p', own]],
    ['--pids', (own: string) => ['--pids', own]],
    ['--tree', (own: string) => ['--pids', own, '--tree']],
    ['-c', () => ['-c', 'true']],
    ['--system', () => ['--system']],
  ])(
    "replaces wrong names of exported functions with the file's name, and reports the share (%s)",
    async (_, whom) => {
      const sleep = startProcess('sleep', ['600'], { env: { ...process.env, LD_PRELOAD: library } });
      await until('the process maps the library', () =>
        readFileSync(`/proc/${sleep.pid}/maps`, 'utf8').includes(library),
      );
      const { code, stdout, stderr } = await samplingOf(
        'flame',
        `printf '%s' '${nearest}'`,
        ...whom(String(sleep.pid)),
        '-t',
        '5',
        '--output-format',
        'folded',
      );
      expect(code).toBe(0);
      expect(stdout).toContain('burn;[stripped.so] 2\n');
      expect(stdout).toContain('burn;first 1\n');
      expect(stderr).toContain(
        '66.7 % of samples are in functions without a name, which are shown as [FILE]',
      );
    },
  );

  it('does not check names against a file that is a pipe or a link to a device', async () => {
    const [pipe, link] = [join(directory, 'pipe.so'), join(directory, 'link.so')];
    execFileSync('mkfifo', [pipe]);
    symlinkSync('/dev/zero', link);
    const trace = `${HEADER}\n${at(1, 0x20).replace(library, pipe)}${at(2, 0x20).replace(library, link)}# stapflame end hits=2\n`;
    const { code, stdout } = await samplingOf(
      'flame',
      `printf '%s' '${trace}'`,
      '--system',
      '-t',
      '5',
      '--output-format',
      'folded',
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('burn;first 2\n') });
  });

  it('saves the exported functions of the files named with -d if --save and -c are given', async () => {
    const file = join(directory, 'command.symbols');
    const words = ['-c', 'true', '-t', '5', '-d', library, '--save', file];
    expect((await samplingOf('record', `printf '%s' '${nearest}'`, ...words)).code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8')).sites).toMatchObject([
      { exported: { [library]: expect.stringMatching(/^14 first$/m) } },
    ]);
  });

  it('samples a process and draws a picture', async () => {
    const { code, stdout, stderr } = await sampling('flame', `printf '%s' '${WHOLE}'`, '--title', 'Now');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<\?xml[\s\S]*Now[\s\S]*work[\s\S]*<\/svg>\n$/);
    expect(stderr).toContain('1 sample in 1 distinct stack');
  });

  it.each([
    [69, undefined],
    [77, "echo 'ERROR: You are trying to run systemtap as a normal user.' >&2; exit 1"],
    [75, `printf '%s\\n' '${HEADER}' '# stapflame end hits=0'`],
  ])('exits with %i and draws no picture if there are no samples', async (expected, stap) => {
    const { code, stdout } = await sampling('flame', stap);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  });

  it('draws the samples that stap printed before it failed, and exits with 75', async () => {
    const { code, stdout } = await sampling('flame', `printf '%s\\n' '${HEADER}' '${RECORD}'; exit 1`);
    expect(code).toBe(75);
    expect(stdout).toContain('</svg>');
  });

  it('cannot be combined with a trace', async () => {
    expect((await sampling('flame', 'true', 'trace.bt')).code).toBe(64);
  });
});

it('gives stap a sysroot with copies, at the same paths, of the files that only the process can see', async () => {
  const inside = join(directory, 'inside');
  mkdirSync(inside);
  // starts the target in a mount namespace where the directory has different contents
  const script = 'mount --bind /usr/bin "$0" && exec "$0/sleep" infinity';
  const words = ['--map-root-user', '--mount', 'sh', '-c', script, inside];
  const { pid: target } = startProcess('unshare', words, { stdio: 'ignore' });
  await until('the target runs', () => readFileSync(`/proc/${target}/comm`, 'utf8') === 'sleep\n');
  const copied = `for word; do case $word in --sysroot=*) cmp /usr/bin/sleep "\${word#--sysroot=}${inside}/sleep" >&2 && echo same >&2;; esac; done`;
  const { code, stderr } = await record(`${copied}\nprintf '%s' '${WHOLE}'`, '-p', String(target), '-u');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('same') });
  const given = readFileSync(join(directory, 'words'), 'utf8');
  expect(given).toContain(`-d\n${inside}/sleep\n`);
  const sysroot = /^--sysroot=(.*)$/m.exec(given)![1]!;
  expect(existsSync(sysroot)).toBe(false);
});

it('saves the data for a later name lookup if --save is given', async () => {
  const file = join(directory, 'site.json');
  await record(`printf '%s' '${WHOLE}'`, '--save', file);
  const { sites } = JSON.parse(readFileSync(file, 'utf8'));
  expect(sites).toMatchObject([{ release: release(), processes: [{ pid: process.pid }] }]);
  expect(sites[0].processes[0].maps).toContain(realpathSync(process.execPath));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

describe('--addresses', () => {
  const LEAN = `${HEADER}\n#< 0 5\n0x401000\n0x401010\n#= burn\n#> 0 5\n\t1\n# stapflame end hits=1\n`;

  it('saves the data for looking up names next to the trace, and does not ask stap for names', async () => {
    const file = join(directory, 'lean.bt');
    const perfMap = `/tmp/perf-${pid}.map`;
    atEnd(() => rmSync(perfMap, { force: true }));
    writeFileSync(perfMap, '401000 20 compiled\n');
    expect((await record(`printf '%s' '${LEAN}'`, '--addresses', '-o', file)).code).toBe(0);
    const { sites } = JSON.parse(readFileSync(`${file}.symbols`, 'utf8'));
    expect(sites[0].processes[0].maps).toContain(realpathSync(process.execPath));
    // 0x401010 is a return address, and is looked up as the byte before it, 0x40100f
    expect(await stapflame(['fold', '-q', file])).toMatchObject({
      stdout: expect.stringContaining('burn;compiled;compiled 1\n'),
    });
    const script = readFileSync(join(directory, 'script'), 'utf8');
    expect(script).toContain('ubacktrace()');
    expect(script).not.toMatch(/print_u?backtrace|sprint_|usym/);
  });

  it('is rejected with exit code 64 if the data for looking up names is not saved', async () => {
    expect(await record('true', '--addresses')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('-o TRACE or --save FILE'),
    });
    expect(await sampling('flame', 'true', '--addresses')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('stapflame record --addresses'),
    });
  });
});

it('reports data that it could not save', async () => {
  const file = join(directory, 'site.json');
  const nproc = join(directory, 'nproc');
  writeFileSync(nproc, '#!/bin/sh\necho nobody counted them >&2\n');
  chmodSync(nproc, 0o755);
  const { code, stderr } = await record(`printf '%s' '${WHOLE}'`, '-q', '--save', file);
  rmSync(nproc);
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ version: 1, sites: [] });
  expect(stderr).toContain(
    'stapflame: --save: no data was saved about this machine, because it could not be inspected: nobody counted them\n',
  );
});

it('script --command-line prints the stap command that runs the script', async () => {
  const { code, stdout } = await stapflame([
    'script',
    '-p',
    '7',
    '-t',
    '5',
    '-u',
    '--command-line',
    '-d',
    '/opt/a b',
  ]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "stap -x 7 -d '/opt/a b' -s 2 -T 15 -DMAXBACKTRACE=128 -\n",
  });
});

it('script rejects a data rate that stap cannot sustain, with exit code 64', async () => {
  const { code, stderr } = await stapflame(['script', '-p', '7', '-t', '5', '-F', '1000', '--cpus', '64']);
  expect(code).toBe(64);
  expect(stderr).toContain('use a lower frequency');
});
