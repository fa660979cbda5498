import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TraceFacts } from '../generate/kinds.ts';
import { writeTrace } from '../generate/write.ts';
import { formatSize } from '../sizes.ts';
import type { Work } from './measure.ts';
import type { Feed } from './rows.ts';

/** A trace ready to be read, as file arguments or on stdin, and the file with its facts. */
export interface PreparedFeed {
  readonly files?: readonly string[];
  readonly stdin?: NonNullable<Work['stdin']>;
  readonly facts: string;
}

/** Makes the trace for a feed, unless it already exists, or returns the command that makes it on the fly. */
export async function prepareFeed(feed: Feed, dir: string, seed: number): Promise<PreparedFeed> {
  if (feed.source === 'made') {
    const facts = join(dir, 'made.json');
    return { stdin: { pipe: generatorCommand(feed, seed), facts }, facts };
  }
  const file = await traceFile(feed, dir, seed);
  const facts = `${file}.json`;
  if (feed.source === 'file') return { files: [file], facts };
  if (feed.source === 'packed') return { files: [packed(file)], facts };
  if (feed.source === 'halves') return { files: halves(file), facts };
  if (feed.source === 'stdin') return { stdin: { file }, facts };
  return { stdin: { pipe: ['cat', file], facts: '/dev/null' }, facts };
}

export async function readFacts(feed: PreparedFeed): Promise<TraceFacts> {
  return JSON.parse(await readFile(feed.facts, 'utf8')) as TraceFacts;
}

async function traceFile({ kind, size, alone }: Feed, dir: string, seed: number): Promise<string> {
  const length = formatSize(size).replace(' ', '');
  const file = join(dir, `${kind}${alone ? '-alone' : ''}-${length}-seed${seed}.stap`);
  if (existsSync(file) && existsSync(`${file}.json`)) return file;
  const fd = openSync(`${file}.part`, 'w');
  const facts = writeTrace({ kind, size, seed, company: alone ? 'none' : 'records' }, fd, 1 << 20);
  closeSync(fd);
  await writeFile(`${file}.json`, `${JSON.stringify(facts)}\n`);
  renameSync(`${file}.part`, file);
  return file;
}

/** Compresses a file with gzip, and returns the path of the compressed file, which is next to the original. */
function packed(file: string): string {
  if (existsSync(`${file}.gz`)) return `${file}.gz`;
  const { status, error } = spawnSync('gzip', ['--keep', '--fast', file]);
  if (status !== 0) throw new Error(`cannot pack ${file}: ${error?.message ?? `gzip exited with ${status}`}`);
  return `${file}.gz`;
}

/** Writes the two halves of a file, split between records, next to the original. */
function halves(file: string): readonly string[] {
  const files = [`${file}.1`, `${file}.2`];
  if (files.every((half) => existsSync(half))) return files;
  const words = ['packages/cli/bundle/bin/main.js', 'split', file, '-n', '2'];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`cannot split ${file}: stapflame exited with ${status}`);
  return files;
}

export function generatorCommand({ kind, size, chunk, alone }: Feed, seed: number): string[] {
  const main = fileURLToPath(new URL('../main.js', import.meta.url));
  const words = [process.execPath, main, 'generate', kind, '--size', `${size}`, '--seed', `${seed}`];
  if (chunk !== undefined) words.push('--chunk', `${chunk}`);
  if (alone) words.push('--alone');
  return words;
}
