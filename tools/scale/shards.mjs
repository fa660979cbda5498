#!/usr/bin/env node
// Measures the cost of merging many shards: `node tools/scale/shards.mjs --dir DIRECTORY [--shards 1000] [--runs 1]`.
// Makes shards with 20,000 stacks each, half of 40,000 distinct stacks. In turn, it merges them, plain and compressed
// with gzip, and sums them with sort and the awk program in docs/scale.md. It then compares the outputs, and prints CPU
// time and peak memory.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const MAIN = fileURLToPath(new URL('../../packages/cli/bundle/bin/main.js', import.meta.url));
const DOCS = fileURLToPath(new URL('../../docs/scale.md', import.meta.url));
const DISTINCT = 40_000;
const BYTES = 100;

const { values } = parseArgs({
  options: {
    dir: { type: 'string' },
    shards: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '1' },
  },
});
if (values.dir === undefined) throw new Error('expected --dir DIRECTORY, where shards and outputs go');
const [shards, runs] = [Number(values.shards), Number(values.runs)];
const directory = join(values.dir, `shards-${shards}`);
if (!existsSync(join(directory, 'complete'))) make();

const contenders = {
  merge: `${quoted(process.execPath)} ${quoted(MAIN)} merge -q --plain shards/*`,
  'merge, compressed': `${quoted(process.execPath)} ${quoted(MAIN)} merge -q --plain packed/*`,
  'sort -m and awk': `LC_ALL=C sort -m --batch-size=${Math.max(2, shards)} shards/* | LC_ALL=C awk -f sum.awk`,
};
console.log('| | CPU | peak memory of the largest process |');
console.log('| --- | --- | --- |');
for (let run = 0; run < runs; run++) {
  const sums = Object.entries(contenders).map(([name, command]) => {
    const { cpu, peak } = measure(command);
    console.log(`| ${name} | ${cpu.toFixed(2)} s | ${Math.round(peak / 1024)} MiB |`);
    return digest();
  });
  if (new Set(sums).size > 1) throw new Error('the sums of merge differ from those of sort and awk');
}

/** Returns the CPU time of a command and its children in seconds, and the largest process's peak memory in KiB. */
function measure(command) {
  const words = ['-q', '-o', 'time.txt', '-f', '%U %S %M', 'sh', '-c', `${command} > output`];
  const { status } = spawnSync('/usr/bin/time', words, { cwd: directory, stdio: 'inherit' });
  if (status !== 0) throw new Error(`exited with ${status}: ${command}`);
  const [user, system, peak] = readFileSync(join(directory, 'time.txt'), 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  return { cpu: user + system, peak };
}

function digest() {
  return createHash('sha256')
    .update(readFileSync(join(directory, 'output')))
    .digest('hex');
}

function make() {
  for (const kind of ['shards', 'packed']) mkdirSync(join(directory, kind), { recursive: true });
  const [, awk] = /```awk\n([^`]*)```/.exec(readFileSync(DOCS, 'utf8'));
  writeFileSync(join(directory, 'sum.awk'), awk);
  // no name is a prefix of another or has a byte below `;`, so frames sort in the same order as lines
  const stacks = Array.from({ length: DISTINCT }, (_, i) => stack(i)).toSorted();
  for (let shard = 0; shard < shards; shard++) {
    const lines = stacks.filter((_, i) => (Math.imul(i + 1, 2654435761 + shard * 2) >>> 16) & 1);
    const text = lines.map((line, i) => `${line} ${1 + ((i * 7 + shard) % 90)}\n`).join('');
    const name = String(shard).padStart(5, '0');
    writeFileSync(join(directory, 'shards', name), text);
    writeFileSync(join(directory, 'packed', `${name}.gz`), gzipSync(text, { level: 1 }));
  }
  writeFileSync(join(directory, 'complete'), '');
}

/** Returns a stack of about a hundred bytes. Dozens of other stacks share each of its frames. */
function stack(i) {
  const names = ['main', 'serve', i % 20, Math.floor(i / 20) % 40, Math.floor(i / 800)].map((part) =>
    typeof part === 'number' ? `handle_request_${String(part).padStart(4, '0')}` : part,
  );
  return [...names, `copy_${'x'.repeat(BYTES - 80)}_leaf`].join(';');
}

function quoted(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
