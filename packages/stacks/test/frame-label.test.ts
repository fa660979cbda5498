import { describe, expect, it } from 'vitest';
import { frameLabel, type LabelOptions, type Nameable } from '../src/index.ts';

const NONE = { module: false, offset: false, kernel: false, address: false };
const ALL = { module: true, offset: true, kernel: true, address: true };
const WHOLE: Nameable = { symbol: 'read', offset: 26, module: '/usr/lib/libc.so.6', address: '0x7f01' };

describe('the label of a frame', () => {
  it.each<[string, Nameable, LabelOptions, string]>([
    ['is its symbol', WHOLE, NONE, 'read'],
    ["has the module's base name if requested", WHOLE, { module: true }, 'read [libc.so.6]'],
    ['has the offset if requested', WHOLE, { offset: true }, 'read+0x1a'],
    ["has both the offset and the module's base name if requested", WHOLE, ALL, 'read+0x1a [libc.so.6]'],
    ['has only the parts that are known', { symbol: 'read' }, ALL, 'read'],
    ['is the module if the symbol is not known', { module: 'a.so', address: '0x7f01' }, NONE, '[a.so]'],
    [
      'has the address after the module if requested and the symbol is not known',
      { module: 'a.so', address: '0x7f01' },
      ALL,
      '[a.so] 0x7f01',
    ],
    ['is the address if requested and nothing else is known', { address: '0x7f01' }, ALL, '0x7f01'],
    ['is [unknown] if no requested part is known', { address: '0x7f01' }, NONE, '[unknown]'],
    ['is [unknown] if nothing is known', {}, ALL, '[unknown]'],
    ['does not end in a blank and a number', { symbol: 'pool 3' }, NONE, 'pool_3'],
    ['is a valid label', { symbol: 'a;b', module: 'c;d' }, ALL, 'a:b [c:d]'],
  ])('%s', (_, frame, options, label) => {
    expect(frameLabel(frame, undefined, { ...NONE, ...options })).toBe(label);
  });
  it('marks code known to be kernel code, if requested', () => {
    const labels = [true, false, undefined].map((kernel) => frameLabel({ symbol: 'read' }, kernel, ALL));
    expect(labels).toEqual(['read_[k]', 'read', 'read']);
    expect(frameLabel({ symbol: 'read' }, true, NONE)).toBe('read');
  });
});
