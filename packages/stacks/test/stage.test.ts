import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { batchOf, FoldedReader, type StackBatch } from '../src/index.ts';
import {
  createFoldedReader,
  createFoldedWriter,
  createWriter,
  ParserStream,
  StageStream,
  type StageCore,
} from '../src/stream/index.ts';
import { writeAll } from './text.ts';

const failed = new Error('the core failed');
const fail = (): never => {
  throw failed;
};
const nothing = { push: () => undefined, finish: () => [] };

/** A stage with a small buffer, whose input is complete. */
function stageOf(
  core: StageCore<number, number>,
  input: readonly number[] = [1, 2],
): StageStream<number, number> {
  const stage = new StageStream<number, number>(core, { objectMode: true, highWaterMark: 2 });
  for (const piece of input) stage.write(piece);
  stage.end();
  return stage;
}

describe('a stage', () => {
  it('returns the output that is ready after each piece of input, and the rest at the end', async () => {
    let sum = 0;
    const stage = stageOf(
      { push: (piece) => (sum += piece), take: () => [sum, -sum], finish: () => [0] },
      [1, 2, 4],
    );
    expect(await stage.toArray()).toEqual([1, -1, 3, -3, 7, -7, 0]);
  });
  it('may have output only at the end, even more than fits into its buffer', async () => {
    const input: number[] = [];
    const stage = stageOf({
      push: (piece) => input.push(piece),
      finish: () => Array.from({ length: 20 }, (_, i) => i),
    });
    expect(await stage.toArray()).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(input).toEqual([1, 2]);
  });
  it('produces output at the end only as fast as it is read, and no more when it is destroyed', async () => {
    let produced = 0;
    const stage = stageOf({
      ...nothing,
      *finish() {
        for (;;) yield produced++;
      },
    });
    await once(stage, 'readable');
    expect(produced).toBeLessThanOrEqual(4);
    const before = produced;
    while (stage.read() !== null);
    stage.destroy();
    await once(stage, 'close');
    await setImmediate();
    expect(produced).toBe(before);
  });
});

describe('a stage fails if its core fails', () => {
  it.each<[string, Partial<StageCore<number, number>>]>([
    ['to read a piece', { push: fail }],
    ['to return what is ready', { take: fail }],
    ['to end', { finish: fail }],
    [
      'while it returns the remaining output',
      {
        *finish() {
          yield 1;
          fail();
        },
      },
    ],
  ])('%s', async (_, core) => {
    let disposed = 0;
    const stage = stageOf({ ...nothing, dispose: () => disposed++, ...core });
    await expect(stage.toArray()).rejects.toBe(failed);
    expect(disposed).toBe(1);
  });
});

describe('the temporary files of a stage are removed', () => {
  it('once, at the end', async () => {
    let disposed = 0;
    await stageOf({ ...nothing, dispose: () => disposed++ }).toArray();
    expect(disposed).toBe(1);
  });
  it('if the stage is destroyed', async () => {
    let disposed = 0;
    const stage = new StageStream<number, number>({ ...nothing, dispose: () => disposed++ }, {});
    stage.destroy();
    await once(stage, 'close');
    expect(disposed).toBe(1);
  });
});

describe('a writer', () => {
  const batch = batchOf([{ frames: ['b', 'a'], count: 3 }]);
  it('copies each chunk, because the core may overwrite the chunk later', async () => {
    const chunk = new Uint8Array(1);
    let disposed = 0;
    function* bytes(...values: readonly number[]): Generator<Uint8Array> {
      for (const value of values) yield chunk.fill(value);
    }
    const writer = createWriter({
      write: () => bytes(1, 2),
      finish: () => bytes(3),
      dispose: () => disposed++,
    });
    writer.end(batch);
    expect(Buffer.concat(await writer.toArray())).toEqual(Buffer.of(1, 2, 3));
    expect(disposed).toBe(1);
  });
  it('of folded text writes facts unless `plain` is set', async () => {
    const written = async (writer: StageStream<StackBatch, Uint8Array>): Promise<string> => {
      writer.end(batchOf([{ frames: ['b', 'a'], count: 3 }], { unit: 'us' }));
      return Buffer.concat(await writer.toArray()).toString();
    };
    expect(await written(createFoldedWriter())).toBe('# stapflame unit=us\na;b 3\n');
    expect(await written(createFoldedWriter({ plain: true }))).toBe('a;b 3\n');
  });
});

describe.each([
  ['of folded text', createFoldedReader],
  ["around a parser's core", () => new ParserStream(new FoldedReader())],
] as const)('a Transform %s', (_, create) => {
  it('reads chunks that end anywhere, and has a summary', async () => {
    const stream = create();
    // longer than the space that the reader provides at a time
    const text = `${'a;b 1\n'.repeat(20_000)}c 2`;
    stream.write(text.slice(0, 100_001));
    stream.end(text.slice(100_001));
    const batches = (await stream.toArray()) as StackBatch[];
    expect(writeAll(batches) === `${text}\n`).toBe(true);
    expect(stream.summary).toMatchObject({ bytes: text.length, stacks: 20_001, ignoredLines: 0 });
  });
});
