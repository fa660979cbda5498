import { chmodSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startReading } from '../../../../testing/processes.ts';
import { MAIN } from '../stapflame.ts';
import { ownDirectory, RECORD, shell } from './process.ts';

const own = ownDirectory();
const FRAMED = `# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128
#< 0 5
 0x401000 : work+0x4/0x10 [/p]
#> 0 5
\t1
# stapflame end hits=1
`;

/** Writes a trace to a file, and returns the file's path. */
function trace(): string {
  const file = join(own.path, 'trace.bt');
  writeFileSync(file, RECORD);
  return file;
}

/** Writes a stand-in for stap, which prints more messages than samples, to a directory that tests add to PATH. */
function stap(): void {
  const text = `#!/bin/sh\ncat > /dev/null\nfor i in 1 2 3; do echo "WARNING: $i" >&2; done\ncat <<'end'\n${FRAMED}end\n`;
  writeFileSync(join(own.path, 'stap'), text);
  chmodSync(join(own.path, 'stap'), 0o755);
}

describe.each(['2> /dev/full', '2>&-', '2> >(true)', '2< /dev/null', '2< /'])(
  'if messages cannot be written (%s), nothing else is lost:',
  (redirection) => {
    it('fold writes its output and exits with 0', async () => {
      const { code, stdout } = await shell(`stapflame fold "$1" ${redirection}`, trace());
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'root;leaf 3\n' });
    });
    it('record writes the complete trace and exits with 0', async () => {
      stap();
      const line = `PATH="$1:$PATH"; stapflame record -p $$ -t 1 -o "$1/out" ${redirection}`;
      expect(await shell(line, own.path)).toMatchObject({ code: 0 });
      expect(readFileSync(join(own.path, 'out'), 'utf8')).toBe(FRAMED);
    });
  },
);

describe('if messages cannot be written, the exit code is still', () => {
  it.each([
    ['0 for a complete output', 0, 'flame "$1"'],
    ['75 for an input that ends too early', 75, 'fold "$1.cut"'],
    ['66 for a missing input', 66, 'fold /nonexistent'],
    ['64 for an invalid command line', 64, 'fold --nonsense'],
  ])('%s', async (_, code, words) => {
    writeFileSync(join(own.path, 'trace.bt.cut'), `${RECORD} 0x1 : root+0x1/0x2 [/p]\n`);
    expect((await shell(`stapflame ${words} 2> /dev/full`, trace())).code).toBe(code);
  });
});

it("messages are never written to a file that happens to have standard error's descriptor number", async () => {
  const { code } = await shell(
    'stapflame fold "$1" -o "$2" --summary "$2.json" 2>&-',
    trace(),
    own.path + '/o',
  );
  expect(code).toBe(0);
  expect(readFileSync(join(own.path, 'o'), 'utf8')).toBe('root;leaf 3\n');
  expect(JSON.parse(readFileSync(join(own.path, 'o.json'), 'utf8'))).toMatchObject({ complete: true });
});

describe('closed standard output', () => {
  it.each(['', '-o -', '-o /dev/stdout', '-o /dev/fd/1'])(
    'is reported with exit code 74 (fold %s)',
    async (output) => {
      const { code, stderr } = await shell(`stapflame fold "$1" ${output} >&-`, trace());
      expect(stderr).toMatch(/^stapflame: cannot write standard output: it is closed/);
      expect(code).toBe(74);
    },
  );
  it.each(['record', 'flame'])('is reported by %s before stap runs', async (command) => {
    stap();
    const { code, stderr } = await shell(`PATH="$1:$PATH"; stapflame ${command} -p $$ -t 1 >&-`, own.path);
    expect(stderr).not.toContain('WARNING');
    expect(code).toBe(74);
  });
  it('does not matter if the output goes to a named file', async () => {
    const line = `stapflame fold -q "$1" -o "$1.folded" >&- && stapflame fold -q "$1" -o /dev/null >&- && stapflame fold -q "$1" > /dev/null`;
    expect(await shell(line, trace())).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(`${own.path}/trace.bt.folded`, 'utf8')).toBe('root;leaf 3\n');
  });
});

describe('standard output that a parent program discards', () => {
  it.each(['r+', 'w'])(
    'is not an error, whichever mode the program opens /dev/null in (%s)',
    async (flags) => {
      const discarded = openSync('/dev/null', flags);
      const stdio = ['ignore', discarded, 'pipe'] as const;
      const { end } = startReading(process.execPath, [MAIN, 'fold', '-q', trace()], { stdio: [...stdio] });
      closeSync(discarded);
      expect(await end).toMatchObject({ code: 0, stderr: '' });
    },
  );
  it('is not an error if that program starts a shell', async () => {
    expect(await shell('exec 1<> /dev/null; stapflame fold -q "$1"', trace())).toMatchObject({
      code: 0,
      stderr: '',
    });
  });
});

it('closed standard input counts as an empty input', async () => {
  const { code, stderr } = await shell('stapflame fold <&-');
  expect(stderr).toContain('the trace is empty');
  expect(code).toBe(65);
});

describe('help that cannot be written', () => {
  it('results in exit code 74 and a message with the reason', async () => {
    const { code, stderr } = await shell('stapflame --help > /dev/full');
    expect(stderr).toMatch(/^stapflame: cannot write standard output after 0 bytes: ENOSPC.*\n$/);
    expect(code).toBe(74);
  });
});

describe('a limit on open files (ulimit -n)', () => {
  it.each([
    ['fold with temporary files', 'fold --memory 1M --tmpdir "$1" "$1/many" -o "$1/out"'],
    ['flame', 'flame "$1/trace.bt" -o "$1/out"'],
    ['record --rerun', 'record --rerun --save "$1/site" -p $$ -t 1 -o "$1/out"'],
    ['doctor', 'doctor --json -o "$1/out"'],
  ])('either is high enough for %s or results in exit code 78 and advice', async (_, words) => {
    trace();
    stap();
    const many = Array.from(
      { length: 30_000 },
      (_, i) => ` 0x1 : f${i}+0x1/0x2 [/a/rather/long/path]\n\t1\n`,
    );
    writeFileSync(join(own.path, 'many'), many.join(''));
    // with a lower limit than $least, Node itself does not start or cannot read its main script
    const line = `export PATH="$1:$PATH" TMPDIR="$1"; echo 'console.error()' > "$1/any.mjs"
      least=12; until (ulimit -n $least; "$NODE" "$1/any.mjs") 2> "$1/err"; do least=$((least + 1)); done
      for more in 0 3 6 8 24; do rm -f "$1/out"
        (ulimit -n $((least + more)); stapflame ${words} 2> "$1/err")
        echo "$? output:$(ls "$1" | grep -cx out) advice:$(grep -c 'ulimit -n' "$1/err") stack:$(grep -c '^ *at ' "$1/err") left:$(ls -A "$1" | grep -c stapflame-)"
      done`;
    const ends = (await shell(line, own.path)).stdout.trimEnd().split('\n');
    const last = ends.at(-1)!;
    expect(last).toMatch(/^\d+ output:1 advice:0 stack:0 left:0$/);
    for (const end of ends) if (end !== last) expect(end).toMatch(/^78 output:[01] advice:1 stack:0 left:0$/);
    expect(ends[0]).not.toBe(last);
  });
});
