import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { ExpressionError, parseExpression } from '../page/expression.ts';

const LETTERS = ['a', 'b', 'B', '1', '_', '-', ' ', ':', '{', '}', ']', 'é', 'É', '\u{1f600}'];
const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 12 });
const atom = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...LETTERS, '.') },
  fc.constantFrom('\\d', '\\W', '\\s', '\\x61', '\\u0042', '\\101', '\\-', '\\{', '\\c', '\\k', '\\9'),
  fc.constantFrom('[ab]', '[^a]', '[a-c1]', '[\\]\\d]', '[]', '[^]', '[{}]'),
  fc.constantFrom('^', '$', '\\b', '\\B'),
);
const repeat = fc.constantFrom(
  '*',
  '+',
  '?',
  '*?',
  '{2}',
  '{0}',
  '{1,}',
  '{0,2}',
  '{1,3}?',
  '{',
  '{,2}',
  '{2',
);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    atom,
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => a + b),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a}|${b}`),
    fc
      .tuple(fc.constantFrom('(', '(?:', '(?<n>', '(?=', '(?!', '(?<=', '(?<!'), tie('expression'))
      .map(([open, inner]) => `${open}${inner})`),
    fc.tuple(atom, repeat).map(([a, b]) => a + b),
    fc.tuple(tie('expression'), repeat).map(([a, b]) => `(?:${a})${b}`),
  ),
}));

describe('an expression', () => {
  it('matches the same names as RegExp, and is rejected if RegExp rejects it', () => {
    fc.assert(
      fc.property(
        expression,
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        (source, texts, matchCase) => {
          let native: RegExp | undefined;
          try {
            native = new RegExp(source, matchCase ? '' : 'i');
          } catch {
            expect(() => parseExpression(source, matchCase)).toThrow('Not a regular expression');
            return;
          }
          const matcher = parseExpression(source, matchCase);
          for (const each of texts)
            expect([source, each, matcher(each)]).toEqual([source, each, native.test(each)]);
        },
      ),
      share(20),
    );
  });
  it.each([
    ['{{closure}}', 'Foo->{{closure}}', 'closure'],
    ['foo\\-bar', 'a foo-bar', 'foobar'],
    ['a{', 'a{b', 'ab'],
    ['\\bstd::(?:vector|map)<.*>$', 'std::map<int, x>', 'std::map<int, x>::at'],
    ['^(?!.*poll)', 'read', 'do_poll'],
  ])('%j finds %j and not %j', (source, found, other) => {
    expect([found, other].map(parseExpression(source, true))).toEqual([true, false]);
  });
  it.each([
    ['(', 'Not a regular expression'],
    ['(a)\\1', 'Back-references are not supported'],
    ['(?<x>a)\\k<x>', 'Back-references are not supported'],
    ['(?:a{1000}){1000}', 'The regular expression is too large'],
    ['(?:(?:){9999}){9999}', 'The regular expression is too large'],
    ['a'.repeat(1001), 'The regular expression is too long'],
  ])('%s is rejected: %s', (source, message) => {
    expect(() => parseExpression(source, true)).toThrow(new ExpressionError(message));
  });
  it.each([
    '(a+)+$',
    '(a|a)*b',
    '(?:a?){30}a{30}b',
    '^(a*)*(a*)*(a*)*b',
    '(.*)(.*)(.*)(.*)x',
    `${'(a?'.repeat(200)}${')'.repeat(200)}b`,
  ])('%s takes time proportional to the length of a name', (source) => {
    expect(parseExpression(source, true)(`${'a'.repeat(2000)}!`)).toBe(false);
  });
  it.each(['(?=(a+)+b)a*c', 'a*b', '(?:a?){400}b'])('%s fails after a limited number of steps', (source) => {
    const matches = parseExpression(source, true);
    expect(() => {
      for (let name = 0; name < 1000; name++) matches(`${'a'.repeat(20_000)}!`);
    }).toThrow(new ExpressionError('This search takes too long: use a simpler expression'));
  });
});
