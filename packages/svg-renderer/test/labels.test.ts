import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelOf } from '../src/picture/labels.ts';

/** Returns the width, in terminal columns, of a string that contains only letters used in these tests. */
const columnsOf = (text: string): number =>
  [...text].reduce((sum, point) => sum + (/[一-龥😀]/u.test(point) ? 2 : 1), 0);

describe('a label', () => {
  it.each([
    // a name that fits is not shortened, however short it is
    ['a->b', 4, 'a->b'],
    ['main', 3, ''],
    ['mainly', 5, ''],
    // compiler suffixes are removed
    ['foo_bar_baz.isra.0', 12, 'foo_bar_baz'],
    ['foo_bar_baz.part.1.cold', 12, 'foo_bar_baz'],
    ['parse_int(char) [clone .cold]', 15, 'parse_int(char)'],
    // arguments and template arguments are removed
    ['parse_header(char const*, int)', 20, 'parse_header'],
    ['size_of_all() const', 12, 'size_of_all'],
    ['Map<int, List<int>>::insert(int)', 14, 'Map::insert'],
    ['<Vec<T> as Extend<T>>::extend', 14, 'Vec::extend'],
    ['Stream::operator<<(int)', 20, 'Stream::operator<<'],
    ['Stream::operator<(int)', 20, 'Stream::operator<'],
    ['Function<void (int)>::operator()(int) const', 22, 'Function::operator()'],
    // namespaces, packages and directories are removed
    ['alloc::vec::Vec<T>::extend(&mut self)', 20, '…::vec::Vec::extend'],
    ['alloc::vec::Vec<T>::from_iter', 13, '…::from_iter'],
    ['sun/nio/ch/SocketChannelImpl.write', 24, '…SocketChannelImpl.write'],
    ['io.netty.channel.Channel.write', 16, '…Channel.write'],
    ['/usr/lib/python3/dist-packages/foo.py:main', 14, '…foo.py:main'],
    ['alpha::abcdefghijk', 13, '…abcdefghijk'],
    ['alpha::abcdefghijk', 12, '…abcdefghijk'],
    ['alpha::abcdefghijk', 11, 'abcde…ghijk'],
    // a module is not a namespace
    ['[libstdc++.so.6.0.28]', 12, '[libst…0.28]'],
    // the middle is removed
    ['asm_sysvec_apic_timer_interrupt', 12, 'asm_sy…rrupt'],
    ['a::very_long_name_of_one_function', 12, 'very_l…ction'],
    ['一二三四五六七八', 9, '一二…七八'],
  ])('for %s in %i columns is %s', (name, columns, label) => {
    expect(labelOf(name, columns)).toBe(label);
  });
  it.each([
    ['stackmap_adjust_stacks_of', 'stackmap_build_stacks_of', 16, '…adjust_stacks_…'],
    ['ns::a::run_the_loop', 'ns::b::run_the_loop', 16, '…a::run_the_loop'],
    ['alpha::run_the_loop', 'gamma::run_the_loop', 15, 'alpha::…he_loop'],
    ['level_1_function_3_running_on', 'level_1_function_4_running_on', 13, '…3_running_on'],
  ])('for %s next to %s starts at their first difference', (name, other, columns, label) => {
    expect(labelOf(name, columns, () => [other])).toBe(label);
    expect(labelOf(other, columns, () => [name])).not.toBe(label);
  });
  it('never exceeds its columns, never splits a letter, and is the complete name if that fits', () => {
    const names = fc.string({
      unit: fc.constantFrom(
        'a',
        'b',
        '_',
        ':',
        '::',
        '<',
        '>',
        '(',
        ')',
        '.',
        '/',
        ' ',
        '一',
        '😀',
        'operator',
      ),
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 0, max: 30 }),
        fc.array(names, { maxLength: 2 }),
        (name, columns, others) => {
          const label = labelOf(name, columns, () => others);
          expect(columnsOf(label)).toBeLessThanOrEqual(columns);
          expect(label).not.toMatch(/[\ud800-\udfff]/u);
          if (columnsOf(name) <= columns) expect(label).toBe(name);
          else if (columns >= 6) expect(label).not.toBe('');
        },
      ),
    );
  });
  it('for a hostile name takes time proportional to its length', () => {
    for (const piece of ['<', '(', '<a', 'a>', '<>', '::<', '.isra', ' [clone .', '(()', 'operator<']) {
      const name = piece.repeat(20_000);
      const start = performance.now();
      labelOf(name, 20, () => [`${name}x`]);
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });
});
