import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bundleForBrowser } from '../../../testing/bundle.ts';
import {
  batchOf,
  combineFacts,
  compareNames,
  decimalPlaces,
  forTerminal,
  isIncomplete,
  isLabel,
  isLeafLabel,
  labelOf,
  leafLabelOf,
  roundedSum,
  StackBuilder,
  WeightSum,
  weightText,
  type Facts,
} from '../src/index.ts';
import { addComment, factsText } from '../src/folded/facts-text.ts';
import { readAll, READERS, writeAll } from './text.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('# x', '#', ' ', 'a;b', 'a\tb', 'pool 3', '\ud800'),
);

it('labelOf turns any string into a label that survives in folded text, and leaves labels unchanged', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const label = labelOf(text);
      expect(isLabel(label)).toBe(true);
      expect(labelOf(label)).toBe(label);
      const leaf = leafLabelOf(label);
      expect(isLeafLabel(leaf) && isLabel(leaf)).toBe(true);
      const folded = writeAll([batchOf([{ frames: [text, text], count: 3 }])]);
      expect(folded).toBe(`${label};${leaf} 3\n`);
      for (const [, newReader] of READERS) expect(writeAll(readAll(newReader(), folded))).toBe(folded);
    }),
  );
});

it('labels are cleaned by the documented rules', () => {
  expect(labelOf('Ljava/lang/String;')).toBe('Ljava/lang/String:');
  expect(labelOf('[T; 32]')).toBe('[T: 32]');
  expect(labelOf('a\nEVIL 999')).toBe('a\ufffdEVIL 999');
  expect(labelOf('# x')).toBe('#_x');
  expect(labelOf(' \t')).toBe('[unknown]');
  expect(leafLabelOf('pool 3')).toBe('pool_3');
  expect(leafLabelOf('pool 6.')).toBe('pool_6.');
});

it('a sample without frames or with an invalid count is rejected, and the error contains the number of the sample', () => {
  for (const sample of [
    { frames: [], count: 5 },
    { frames: ['a'], count: -1 },
    { frames: ['a'], count: Number.NaN },
    { frames: ['a'], count: Infinity },
  ])
    expect(() => batchOf([{ frames: ['a'], count: 1 }, sample])).toThrow(
      expect.objectContaining({ name: 'StacksError', code: 'INVALID_SAMPLE', line: 2 }),
    );
});

it('names are compared by their UTF-8 bytes', () => {
  const name = fc.string({ unit: 'binary' }).filter((text) => !/[\ud800-\udfff]/u.test(text));
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

it('sums of decimals have no rounding errors, and weights are written without exponents', () => {
  expect(decimalPlaces(5)).toBe(0);
  expect(decimalPlaces(334.618)).toBe(3);
  expect(decimalPlaces(1e-7)).toBe(7);
  expect(decimalPlaces(1.5e-7)).toBe(8);
  expect(roundedSum(0.1 + 0.2, 1)).toBe(0.3);
  const sum = new WeightSum();
  sum.addAll(Float64Array.of(0.1, 3, 0.2));
  expect(sum.value).toBe(3.3);
  sum.addAll(Float64Array.of(1e308, 1e308));
  expect(() => sum.value).toThrow(expect.objectContaining({ code: 'SUM_TOO_LARGE' }));
  const thousandths = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(thousandths, (numbers) => {
      const sum = numbers.reduce((before, each) => before + each / 1000, 0);
      expect(roundedSum(sum, 3)).toBe(numbers.reduce((a, b) => a + b, 0) / 1000);
    }),
  );
  expect([5, 0.5, 1e-7, 1e21, 2 ** 53].map(weightText)).toEqual([
    '5',
    '0.5',
    '0.0000001',
    '1000000000000000000000',
    '9007199254740992',
  ]);
});

const someText = fc.string({ minLength: 1 });
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    unit: fc.constantFrom('us', 'ns', 'bytes per second'),
    period: fc.nat(),
    start: fc.nat(),
    duration: fc.nat(),
    reversed: fc.constant(true),
    base: fc.array(someText, { minLength: 1, maxLength: 3 }),
    host: someText,
    kernel: someText,
    beyondLimit: fc.nat(),
    filtered: fc.nat(),
    exportedOnly: fc.nat(),
    losses: fc.record({ damaged: fc.integer({ min: 1 }), cut: fc.integer({ min: 1 }) }),
    inexact: fc.constant(true),
  },
  { requiredKeys: [] },
);

it('facts can be written to folded text and read back, in lines that other tools do not read as stacks', () => {
  fc.assert(
    fc.property(facts, (given) => {
      const lines = factsText(given).split('\n').slice(0, -1);
      for (const line of lines) expect(line).toMatch(/^# stapflame (?!.* \d+(?:\.\d*)?$)/);
      expect(lines.reduce(addComment, {})).toEqual(given);
    }),
  );
});

it('when the facts of two inputs are combined, losses are added up, and facts that differ are left out', () => {
  expect(
    combineFacts(
      {
        unit: 'us',
        host: 'a',
        kernel: '6.1',
        filtered: 4,
        exportedOnly: 2,
        beyondLimit: 1,
        losses: { lost: 1 },
      },
      {
        unit: 'us',
        host: 'b',
        kernel: '6.1',
        filtered: 5,
        exportedOnly: 3,
        beyondLimit: 6,
        losses: { lost: 2, cut: 1 },
        inexact: true,
      },
    ),
  ).toEqual({
    unit: 'us',
    kernel: '6.1',
    filtered: 9,
    exportedOnly: 5,
    beyondLimit: 7,
    losses: { lost: 3, cut: 1 },
    inexact: true,
  });
});

it.each<[Facts, boolean]>([
  [{}, false],
  [{ filtered: 3, beyondLimit: 4 }, false],
  [{ losses: {} }, false],
  [{ losses: { lost: 0 } }, false],
  [{ losses: { cut: 1 } }, true],
])('for the facts %j, isIncomplete returns %s', (given, expected) => {
  expect(isIncomplete(given)).toBe(expected);
});

it('characters that could control a terminal are replaced', () => {
  expect(forTerminal('\u001b[31ma\tb\u202ec\n')).toBe('\ufffd[31ma\tb\ufffdc\n');
});

it('only the arrays of released batches are reused', () => {
  const builder = new StackBuilder();
  const { table } = batchOf([{ frames: ['a', 'b'], count: 1 }]);
  const fill = (count: number): ReturnType<StackBuilder['take']> => {
    builder.add(Uint32Array.of(0, 1), 0, 2, count);
    return builder.take(table);
  };
  const kept = fill(1);
  const given = fill(2);
  given.release();
  given.release();
  const [third, fourth] = [fill(3), fill(4)];
  expect([kept, third, fourth].map((batch) => [...batch][0]!.count)).toEqual([1, 3, 4]);
});

it('the core can be bundled for a browser because it needs no Node modules', async () => {
  const core = await bundleForBrowser(new URL('../src/index.ts', import.meta.url));
  const program = `${core}\nconsole.log(typeof FoldedReader)`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module'], {
    encoding: 'utf8',
    input: program,
  });
  expect(stdout).toBe('function\n');
});
