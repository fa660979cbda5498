import { expect, it } from 'vitest';
import { AnswerReader, END } from '../../src/files/answers.ts';
import type { FoundFunctions } from '../../src/index.ts';

const PRINTED = `0x0000000000001204
mix
/src/hash.h:3 (discriminator 2)
main
/src/ma:in.c:7
0x1300
??
??:0
0x1400
über inlined at /src/a.c:4 in main
/src/a.c:9:5
0x0
??
??:0
`;
const ANSWERS: readonly (FoundFunctions | undefined)[] = [
  [
    { symbol: 'mix', file: '/src/hash.h', line: 3 },
    { symbol: 'main', file: '/src/ma:in.c', line: 7 },
  ],
  undefined,
  [{ symbol: 'über', file: '/src/a.c', line: 9 }],
];

it.each([1, 2, 3, 61, 4099])('answers are read from chunks of %i bytes', (size) => {
  const answers: (FoundFunctions | undefined)[] = [];
  let ends = 0;
  const reader = new AnswerReader(
    (functions) => answers.push(functions),
    () => ends++,
  );
  const bytes = Buffer.from(PRINTED);
  for (let round = 1; round <= 2; round++) {
    reader.expect([0x1204, 0x1300, 0x1400, END]);
    for (let at = 0; at < bytes.length; at += size)
      expect(reader.read(bytes.subarray(at, at + size))).toBe(true);
    expect(answers.splice(0)).toEqual(ANSWERS);
    expect(ends).toBe(round);
  }
});

/** Returns the answers in the printed text, which the reader must accept. */
function answersIn(printed: string, ...addresses: readonly number[]): (FoundFunctions | undefined)[] {
  const answers: (FoundFunctions | undefined)[] = [];
  const reader = new AnswerReader(
    (functions) => answers.push(functions),
    () => undefined,
  );
  reader.expect([...addresses, END]);
  expect(reader.read(Buffer.from(`${printed}0x0\n`))).toBe(true);
  return answers;
}

it('a function whose name starts like an address is not an address', () => {
  expect(answersIn('0x1\n0xg\na.c:1\n0xé\na.c:2\n', 1)).toEqual([
    [
      { symbol: '0xg', file: 'a.c', line: 1 },
      { symbol: '0xé', file: 'a.c', line: 2 },
    ],
  ]);
});

it.each(['a.c:0', 'a.c:?'])('the location %s is a file without a line number', (place) => {
  expect(answersIn(`0x1\nf\n${place}\n`, 1)).toEqual([[{ symbol: 'f', file: 'a.c' }]]);
});

it('answers are the same after the cache of lines is cleared', () => {
  const addresses = Array.from({ length: 600 }, (_, i) => i + 1);
  const long = 'o'.repeat(1 << 15);
  const lines = addresses.map((address) => `0x${address.toString(16)}\nf\na.c:1\n${long}${address}\nb.c:2\n`);
  const answers = answersIn(lines.join(''), ...addresses);
  const symbols = answers.map((functions) => functions!.map(({ symbol }) => symbol));
  expect(symbols).toEqual(addresses.map((address) => ['f', `${long}${address}`]));
  expect(answers.at(-1)![0]).toEqual(answers[0]![0]);
});

it('the same two lines always become the same function object', () => {
  const answers: (FoundFunctions | undefined)[] = [];
  const reader = new AnswerReader(
    (functions) => answers.push(functions),
    () => undefined,
  );
  reader.expect([1, 2, END]);
  reader.read(Buffer.from('0x1\nf\na.c:1\n0x2\nf\na.c:1\n0x0\n'));
  expect(answers[0]![0]).toBe(answers[1]![0]);
});

it.each([
  ['a function before any address', 'f\na.c:1\n'],
  ['a line that is not a location', '0x1\nf\nnowhere\n'],
  ['more functions than any compiler inlines', `0x1\n${'f\na.c:1\n'.repeat(600)}`],
  ['an endless line', '0x1\n'.padEnd(200_000, 'f')],
])('%s is an invalid answer', (_, text) => {
  const reader = new AnswerReader(
    () => undefined,
    () => undefined,
  );
  reader.expect([1, END]);
  expect(reader.read(Buffer.from(text))).toBe(false);
});
