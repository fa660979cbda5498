import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { measure } from '../bench/run/measure.ts';
import { prepareFeed, readFacts } from '../bench/run/traces.ts';
import type { Outcome, Setting } from './load.ts';
import { courseOf } from './memory.ts';
import { observe } from './observe.ts';

const FEED = { kind: 'low', source: 'file', size: 48 * 2 ** 20 } as const;
/** A pipe's capacity; sixteen of these per second are 1 MiB/s. */
const PIECE = 1 << 16;
const PIECES_PER_SECOND = 16;

/** Reads 1 MiB/s: the writer must wait, and the data that arrives must be the same as in a file. */
export async function slowReader({ dir, seed, stapflame }: Setting): Promise<Outcome> {
  const feed = await prepareFeed(FEED, dir, seed);
  const words = [...stapflame, 'parse', '-q', ...feed.files!];
  const output = join(dir, 'output.txt');
  await measure({ words }, dir, output);
  const weight = await weightOf(output);
  const whole = await digestOf(createReadStream(output));
  rmSync(output);

  const pipe = join(dir, 'output.pipe');
  rmSync(pipe, { force: true });
  spawnSync('mkfifo', [pipe]);
  const reading = digestOf(slowly(pipe));
  const { measurement, readings } = await observe({ words }, dir, pipe, () => Promise.resolve());
  const arrived = await reading;
  rmSync(pipe);

  const facts = await readFacts(feed);
  const faults = [
    ...(measurement.exitCode === 0 ? [] : [`exit code ${measurement.exitCode}, not 0`]),
    ...(weight === facts.weight ? [] : [`counts add up to ${weight}, not ${facts.weight}`]),
    ...(arrived.sha256 === whole.sha256 ? [] : [`${arrived.bytes} bytes arrived, not the same as in a file`]),
  ];
  return {
    measurement,
    memory: { course: courseOf(readings) },
    answer: `0; all ${(arrived.bytes / 2 ** 20).toFixed(0)} MiB arrived, the same as in a file`,
    faults,
  };
}

async function* slowly(file: string): AsyncGenerator<Buffer> {
  await using handle = await open(file, 'r');
  const piece = Buffer.alloc(PIECE);
  for (;;) {
    const next = pause(1000 / PIECES_PER_SECOND);
    const { bytesRead } = await handle.read(piece);
    if (bytesRead === 0) return;
    yield piece.subarray(0, bytesRead);
    await next;
  }
}

async function digestOf(pieces: AsyncIterable<Buffer>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Adds up the sample counts in the file, which has one JSON object per line. */
async function weightOf(file: string): Promise<number> {
  let weight = 0;
  for await (const line of createInterface({ input: createReadStream(file) }))
    weight += (JSON.parse(line) as { count: number }).count;
  return weight;
}
