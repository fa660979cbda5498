import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  ParserReader,
  ParserStream,
  readFolded,
  SourceReader,
  type ByteSource,
  type ReaderCore,
} from '../src/stream/index.ts';
import { FoldedReader } from '../src/index.ts';
import { isGarbage } from '../../../testing/garbage.ts';
import { writeAll } from './text.ts';

/** A core that returns its input as text, with a `|` at the end of each input. */
class TextCore implements ReaderCore<string> {
  readonly #space: Uint8Array;
  /** The length of each chunk in bytes. */
  readonly lengths: number[] = [];
  #ready = '';

  constructor(size = 16) {
    this.#space = new Uint8Array(size);
  }
  space(): Uint8Array {
    return this.#space;
  }
  advance(length: number): void {
    this.lengths.push(length);
    this.#ready += Buffer.from(this.#space.subarray(0, length)).toString();
  }
  endInput(): void {
    this.#ready += '|';
  }
  get full(): boolean {
    return this.#ready.length >= 6;
  }
  take(): string[] {
    const ready = this.#ready;
    this.#ready = '';
    return ready === '' ? [] : [ready];
  }
}

/** A source that returns these chunks, in promises if it is live. */
function chunks(texts: readonly string[], isLive = false): ByteSource {
  const rest = texts.map((text) => Buffer.from(text));
  return {
    read(into) {
      const chunk = rest.shift() ?? Buffer.of();
      into.set(chunk);
      return isLive ? Promise.resolve(chunk.length) : chunk.length;
    },
  };
}

const failed = new Error('the source failed');

describe('a source reader', () => {
  it('reads its sources one after another, and returns output when there is enough of it', async () => {
    const reader = new SourceReader(new TextCore(), [chunks(['abc', 'def', 'g']), chunks([]), chunks(['h'])]);
    expect(await reader.toArray()).toEqual(['abcdef', 'g||h|']);
  });
  it('returns what is ready before it waits for a live source', async () => {
    const reader = new SourceReader(new TextCore(), [chunks(['a', 'bc'], true), chunks(['d'])]);
    expect(await reader.toArray()).toEqual(['a', 'bc', '|d|']);
  });
  it('reads at most 64 KiB at a time, even if there is more space', async () => {
    const core = new TextCore(1 << 20);
    const asked: number[] = [];
    const source = {
      read: (into: Uint8Array) => (asked.push(into.length), asked.length === 1 ? into.length : 0),
    };
    await new SourceReader(core, [source]).toArray();
    expect(asked).toEqual([1 << 16, 1 << 16]);
    expect(core.lengths).toEqual([1 << 16]);
  });
  it('lets the event loop run while it reads from a source that never waits', async () => {
    let turns = 0;
    const count = (): void => void turns++;
    let left = 1 << 25;
    const core = {
      space: () => new Uint8Array(1 << 16),
      advance: () => undefined,
      endInput: () => undefined,
    };
    const source = {
      read: (into: Uint8Array) => {
        if (left % (1 << 23) === 0) setImmediate(count);
        return left > 0 ? ((left -= into.length), into.length) : 0;
      },
    };
    const reader = new SourceReader({ ...core, take: () => [], full: false }, [source]);
    let turnsAtEnd = -1;
    reader.once('end', () => (turnsAtEnd = turns));
    await reader.toArray();
    expect(turnsAtEnd).toBeGreaterThanOrEqual(3);
  });
  it('may have a larger output buffer than by default', async () => {
    const reader = new SourceReader(new TextCore(), [chunks(['abcdef', 'ghijkl', 'm'])], {
      highWaterMark: 3,
    });
    await once(reader, 'readable');
    expect(await reader.toArray()).toEqual(['abcdef', 'ghijkl', 'm|']);
    expect(reader.readableHighWaterMark).toBe(3);
  });
});

describe('a source reader fails', () => {
  it.each<[string, ByteSource]>([
    [
      'a source',
      {
        read: () => {
          throw failed;
        },
      },
    ],
    ['a live source', { read: () => Promise.reject(failed) }],
  ])('if %s fails', async (_, source) => {
    const reader = new SourceReader(new TextCore(), [chunks(['a']), source]);
    await expect(reader.toArray()).rejects.toBe(failed);
  });
  it('if the core fails', async () => {
    const reader = readFolded([chunks(['# stapflame unit=us\na 1\n']), chunks(['a 1\n'])]);
    await expect(reader.toArray()).rejects.toMatchObject({ code: 'MIXED_UNITS' });
  });
});

describe('a source reader that is destroyed', () => {
  /** Sources that cannot be closed. */
  const stuck = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false as const, value: chunks(['abcdef', 'ghijkl', 'mnopqr']) }),
      return: () => Promise.reject(failed),
    }),
  };
  it('closes its sources', async () => {
    let isClosed = false;
    function* sources(): Generator<ByteSource> {
      try {
        yield chunks(['abcdef', 'ghijkl', 'mnopqr']);
      } finally {
        isClosed = true;
      }
    }
    const reader = new SourceReader(new TextCore(), sources());
    await once(reader, 'readable');
    reader.destroy();
    await once(reader, 'close');
    expect(isClosed).toBe(true);
  });
  it('reports that its sources cannot be closed', async () => {
    const reader = new SourceReader(new TextCore(), stuck);
    await once(reader, 'readable');
    reader.destroy();
    const [error] = await once(reader, 'error');
    expect(error).toBe(failed);
  });
  it('reports the first error, even if its sources cannot be closed', async () => {
    const reader = new SourceReader(new TextCore(), stuck);
    await once(reader, 'readable');
    const first = new Error('the first error');
    reader.destroy(first);
    const [error] = await once(reader, 'error');
    expect(error).toBe(first);
  });
  it('ignores a live source that fails later', async () => {
    let fail: (error: Error) => void = () => undefined;
    const source = { read: () => new Promise<number>((_, reject) => (fail = reject)) };
    const reader = new SourceReader(new TextCore(), [chunks(['a']), source]);
    expect(await once(reader, 'readable')).toEqual([]);
    expect(reader.read()).toBe('a|');
    reader.destroy();
    fail(failed);
    await once(reader, 'close');
    expect(reader.errored).toBeNull();
  });
});

describe('a summary of what a reader has read', () => {
  const inputs = (): ByteSource[] => [chunks(['a;b 1\n', 'x']), chunks(['a;b 2\n'], true)];
  const summary = { bytes: 13, stacks: 2, ignoredLines: 1, firstIgnoredLine: 2 };

  it('is complete at the end of folded text', async () => {
    const reader = readFolded(inputs());
    expect(writeAll(await reader.toArray())).toBe('a;b 1\na;b 2\n');
    expect(reader.summary).toEqual(summary);
  });
  it("is the core's", async () => {
    const reader = new ParserReader(new FoldedReader(), inputs());
    expect(writeAll(await reader.toArray())).toBe('a;b 1\na;b 2\n');
    expect(reader.summary).toEqual(summary);
  });
});

it.each([
  ['reader', (core: FoldedReader) => new ParserReader(core, [chunks(['a;b 2\n'])])],
  ['stream', (core: FoldedReader) => Readable.from([Buffer.from('a;b 2\n')]).pipe(new ParserStream(core))],
])('a parser %s keeps the summary after its end, but not the core', async (_, open) => {
  const core = new WeakRef(new FoldedReader());
  const stream = open(core.deref()!);
  await stream.toArray();
  expect(await isGarbage(core)).toBe(true);
  expect(stream.summary.stacks).toBe(1);
});
