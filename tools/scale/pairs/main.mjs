#!/usr/bin/env node
// Tests the assumption that samples are independent: records pairs of runs of one program and compares each pair, as
// docs/comparing.md says. Needs perf and gcc. `node tools/scale/pairs/main.mjs [PAIRS]`
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../packages/cli/bundle/bin/main.js', import.meta.url));
const SECONDS = 2;
/** Test cases: the length of a request, whether requests are random, and perf's sampling frequency. */
const CASES = [
  { request: 100, isDrawn: false, hertz: 999 },
  { request: 100, isDrawn: true, hertz: 999 },
  { request: 10_000, isDrawn: true, hertz: 999 },
  { request: 10_000, isDrawn: true, hertz: 99 },
  { request: 100_000, isDrawn: true, hertz: 99 },
];

const pairs = Number(process.argv[2] ?? 20);
const directory = mkdtempSync(join(tmpdir(), 'pairs-'));
try {
  const program = join(directory, 'service');
  const source = fileURLToPath(new URL('service.c', import.meta.url));
  execFileSync('gcc', [
    '-O1',
    '-fno-omit-frame-pointer',
    '-fno-optimize-sibling-calls',
    '-o',
    program,
    source,
  ]);
  console.log(
    '| a request takes | requests are | samples | pairs | that show a difference | functions shown |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const each of CASES) console.log(row(program, each));
} finally {
  rmSync(directory, { recursive: true });
}

function row(program, { request, isDrawn, hertz }) {
  let significant = 0;
  const functions = [];
  let samples = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const files = ['before', 'after'].map((name, side) => {
      const file = join(directory, name);
      const text = record(program, request, isDrawn ? pair * 2 + side + 1 : 0, hertz);
      samples += text
        .match(/^[^#].* \d+$/gm)
        .map((line) => line.split(' ').at(-1))
        .reduce((sum, count) => sum + Number(count), 0);
      writeFileSync(file, text);
      return file;
    });
    const table = run(process.execPath, [MAIN, 'diff', '-q', ...files]);
    const [, shown] = /; (\d+) of \d+ functions? differs? significantly/.exec(table) ?? [];
    if (shown === undefined)
      throw new Error(`diff does not say how much is significant: ${table.slice(0, 200)}`);
    if (shown !== '0') significant++;
    functions.push(Number(shown));
  }
  const mean = Math.round(samples / pairs / 2);
  const cells = [
    `${request / 1000} ms`,
    isDrawn ? 'drawn' : 'in turn',
    `${mean} at ${hertz} Hz`,
    pairs,
    significant,
    functions.toSorted((a, b) => b - a).join(' '),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Records one run, and returns its folded text. */
function record(program, request, seed, hertz) {
  const data = join(directory, 'perf.data');
  const words = ['-F', String(hertz), '-e', 'cpu-clock:u', '-g', '-o', data, '--'];
  run('perf', ['record', '-q', ...words, program, String(SECONDS), String(request), String(seed)]);
  // without the period, perf counts samples, whose difference can be tested
  const text = run('perf', ['script', '-F', 'comm,pid,tid,time,event,ip,sym,dso', '-i', data]);
  return run(process.execPath, [MAIN, 'fold', '-q'], text);
}

function run(command, words, input = '') {
  const { status, stdout, stderr } = spawnSync(command, words, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} exited with ${status}: ${stderr}`);
  return stdout;
}
