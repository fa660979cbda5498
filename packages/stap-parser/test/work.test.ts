import { afterEach, describe, expect, it, vi } from 'vitest';
import { FrameTable, loadTokenizer, TraceParser, type ScannerChoice, type Tokenizer } from '../src/index.ts';

const MIB = 1 << 20;
afterEach(() => vi.restoreAllMocks());

/** A tokenizer that counts the bytes it moves: those that are pending when its input moves down or grows. */
function counted(
  scanner: ScannerChoice,
  work: { moved: number },
): ConstructorParameters<typeof TraceParser>[1] {
  return (options) => {
    const tokenizer: Tokenizer = loadTokenizer(scanner)(options);
    const space = tokenizer.space.bind(tokenizer);
    let size = 0;
    tokenizer.space = () => {
      const base = tokenizer.base();
      const view = space();
      const capacity = view.length + tokenizer.pending();
      if (tokenizer.base() !== base || capacity > size * 1.5) work.moved += tokenizer.pending();
      size = Math.max(size, capacity);
      return view;
    };
    return tokenizer;
  };
}

/** Feeds `bytes` of one line in chunks. */
function feed(
  scanner: ScannerChoice,
  bytes: number,
  chunk: number,
  maxLineLength: number,
): { moved: number; searched: number; damaged: number } {
  const work = { moved: 0 };
  let searched = 0;
  const { indexOf } = Uint8Array.prototype;
  vi.spyOn(Uint8Array.prototype, 'indexOf').mockImplementation(function (this: Uint8Array, value, from) {
    const found = indexOf.call(this, value, from);
    searched += found - (from ?? 0);
    return found;
  });
  const parser = new TraceParser({ maxLineLength }, counted(scanner, work));
  const piece = new Uint8Array(chunk).fill(0x78);
  for (let at = 0; at < bytes; at += chunk) parser.push(piece);
  parser.push(Buffer.from('\n\t1\n 0x1 : a+0x1/0x2 [/p]\n\t1\n'));
  parser.endInput();
  return { ...work, searched, damaged: parser.summary().damaged };
}

describe.each(['reference', 'wasm'] as const)('the %s scanner', (scanner) => {
  it.each([
    [64 * MIB, 64 << 10, MIB],
    [16 * MIB, 16 << 10, MIB],
    [16 * MIB, 16 << 10, 32 * MIB],
    [MIB >> 2, 1, MIB],
  ])(
    'moves and searches a line of %i bytes in chunks of %i a few times at most (limit %i)',
    (bytes, chunk, limit) => {
      const { moved, searched, damaged } = feed(scanner, bytes, chunk, limit);
      expect(moved).toBeLessThanOrEqual(bytes * 2 + (1 << 18));
      expect(searched).toBeLessThanOrEqual(bytes * 1.1 + (1 << 18));
      expect(damaged).toBe(bytes > limit ? 1 : 0);
    },
  );
});

describe.each(['reference', 'wasm'] as const)('a deep stack, by the %s scanner', (scanner) => {
  const frames = (depth: number, names: number): Buffer =>
    Buffer.from(Array.from({ length: depth }, (_, i) => ` 0x1 : f${i % names}+0x1/0x2 [/p]\n`).join(''));
  const rest = Buffer.from('\t3\n 0x1 : a+0x1/0x2 [/p]\n\t1\n');
  const parse = (depth: number, names: number, maxRecordLines?: number): TraceParser => {
    const parser = new TraceParser(
      maxRecordLines === undefined ? {} : { maxRecordLines },
      loadTokenizer(scanner),
    );
    parser.push(frames(depth, names));
    parser.push(rest);
    parser.endInput();
    return parser;
  };

  it.each([
    [1_000_000, 1],
    [100_000, 40_000],
  ])('of %i frames, %i of them different, is read whole', (depth, names) => {
    const parser = parse(depth, names);
    expect(parser.summary()).toMatchObject({ records: 2, whole: 2, weight: 4, complete: true });
    const [deep] = parser.take();
    expect(deep!.bounds[1]).toBe(depth);
    for (const at of [0, 1, names - 1, 76_543, depth - 1])
      expect(deep!.table.labels[deep!.frames[at]!]).toBe(`f${at % names}`);
  });

  it('of which all lines differ takes time that grows as the depth', () => {
    const depth = 200_000;
    const renewals = vi.spyOn(FrameTable.prototype, 'adopt');
    const parser = parse(depth, depth);
    expect(parser.take()[0]!.bounds[1]).toBe(depth);
    expect(renewals.mock.calls.length).toBeLessThan(depth * 2);
  });

  it('is damaged where fewer lines are allowed', () => {
    expect(parse(100_000, 1, 65_536).summary()).toMatchObject({
      whole: 1,
      damagedWeight: 3,
      damage: [{ offset: 0, reason: 'long-record' }],
    });
  });
});

describe('a trace of ten thousand hosts', () => {
  const hosts = 10_000;
  const line = (text: string): string =>
    Array.from({ length: hosts }, (_, host) => `${host}: ${text.replace('HOST', String(host % 100))}\n`).join(
      '',
    );
  const trace = Buffer.from(
    line(' 0x1 : leafHOST+0x1/0x2 [/p]') + line(' 0x1 : main+0x1/0x2 [/p]') + line('\t2'),
  );

  it('keeps their records apart while their lines are interleaved', () => {
    const parser = new TraceParser({ hostFrames: true });
    parser.push(trace);
    parser.endInput();
    const stacks = parser.take().flatMap((batch) => Array.from(batch));
    expect(parser.summary()).toMatchObject({ records: hosts, weight: hosts * 2, complete: true });
    expect(stacks[4321]!.frames.map(({ label }) => label)).toEqual(['leaf21', 'main', 'host 4321']);
  });

  it('is refused over the number allowed, before more is kept', () => {
    const parser = new TraceParser({ maxHosts: 9_999 });
    expect(() => parser.push(trace)).toThrow(
      expect.objectContaining({
        code: 'TOO_MANY_HOSTS',
        message: expect.stringContaining('--max-hosts') as string,
      }),
    );
  });

  it('has one limit for the lines of all records that are open', () => {
    const parser = new TraceParser({ maxRecordLines: 15_000 });
    parser.push(trace);
    parser.endInput();
    expect(parser.summary()).toMatchObject({ whole: 5_000, damaged: 5_000, weight: hosts * 2 });
  });
});
