import type { Facts, Frame } from '@stapflame/stacks';
import { feed } from '@stapflame/stacks/stream';
import { PerfParser, type PerfOptions, type PerfSummary } from '../src/index.ts';

/** What a text gives: folded by label, root first, in input order; the frames of each stack, leaf first. */
export interface Read {
  readonly stacks: readonly string[];
  readonly frames: readonly (readonly Frame[])[];
  readonly facts: Facts;
  readonly summary: PerfSummary;
}

/** Reads texts one after the other, in pieces of `size` bytes. */
export function read(
  texts: string | Uint8Array | readonly string[],
  options: PerfOptions = {},
  size = Infinity,
): Read {
  const parser = new PerfParser({ scanner: 'reference', ...options });
  const stacks: string[] = [];
  const frames: (readonly Frame[])[] = [];
  let facts: Facts = {};
  const collect = (): void => {
    for (const batch of parser.take()) {
      for (const sample of batch) {
        const labels = sample.frames.map(({ label }) => label);
        stacks.push(`${labels.toReversed().join(';')} ${sample.count}`);
        frames.push(sample.frames);
      }
      ({ facts } = batch);
      batch.release();
    }
  };
  for (const text of typeof texts === 'string' || texts instanceof Uint8Array ? [texts] : texts) {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    for (let at = 0; at < bytes.length; at += size) {
      feed(parser, bytes.subarray(at, at + size));
      collect();
    }
    parser.endInput();
    collect();
  }
  return { stacks, frames, facts, summary: parser.summary() };
}

/** The same stacks with their weights added up, in the order of their text. */
export function folded({ stacks }: Read): string {
  const sums = new Map<string, number>();
  for (const stack of stacks) {
    const at = stack.lastIndexOf(' ');
    sums.set(stack.slice(0, at), (sums.get(stack.slice(0, at)) ?? 0) + Number(stack.slice(at + 1)));
  }
  return Array.from(sums, ([stack, sum]) => `${stack} ${sum}\n`)
    .toSorted()
    .join('');
}
