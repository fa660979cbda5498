import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Demangler, compileDemangler, type DemanglerOptions } from '../src/index.ts';
import { namesOnly } from '../src/demangle/names-only.ts';

const labelsBy = (options: DemanglerOptions): ((label: string) => string) => {
  const demangler = new Demangler(compileDemangler, options);
  return (label) => demangler.label(label);
};
const full = labelsBy({});
const names = labelsBy({ style: 'names' });
const merged = labelsBy({ mergeClones: true });

/** Reads symbols from a program's nm output, with their full names and their names without arguments. */
const pairs = (file: string): string[][] =>
  readFileSync(new URL(`fixtures/${file}.tsv`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

it.each(['cpp', 'rust'])('the symbols of a real program are demangled: %s', (file) => {
  for (const [symbol, inFull, withoutArguments] of pairs(file)) {
    expect(full(symbol!)).toBe(inFull!.replaceAll(';', ':'));
    expect(names(symbol!)).toBe(withoutArguments);
  }
});

it('the mangled name in a label is demangled, and the text around it stays unchanged', () => {
  for (const [label, named] of [
    ['_ZN3foo3barEv', 'foo::bar()'],
    ['_ZN3foo3barEv+0x10', 'foo::bar()+0x10'],
    ['_ZN3foo3barEv [libfoo.so]', 'foo::bar() [libfoo.so]'],
    ['_ZN3foo3barEv+0x10 [libfoo.so]_[k]', 'foo::bar()+0x10 [libfoo.so]_[k]'],
    ['_ZN3foo3barEv_[j]', 'foo::bar()_[j]'],
    ['libfoo.so`_ZN3foo3barEv+0x10', 'libfoo.so`foo::bar()+0x10'],
    ['libfoo.so!_ZN3foo3barEv', 'libfoo.so!foo::bar()'],
    ['_ZN3foo3barEv@plt', 'foo::bar()@plt'],
    ['_Znwm@@GLIBCXX_3.4', 'operator new(unsigned long)@@GLIBCXX_3.4'],
    ['__ZN3foo3barEv', 'foo::bar()'],
  ])
    expect(full(label!)).toBe(named);
});

it('names from other languages, and names that only look mangled, stay unchanged', () => {
  for (const label of [
    'main',
    '_Z',
    '_R',
    '_ZN',
    '_ZN4main',
    '_Restore',
    '_Return1_ArgvOnStack',
    'Perl_isSCRIPT_RUN',
    'my_Z3foov',
    '[_Z3foov]',
    'main.(*Tree).Walk',
    'runtime.goexit.abi0',
    'camlStdlib__List__map_487',
    'camlFoo.map_12_34_code',
    'Ljava/lang/String:::hashCode',
    'java.util.HashMap::getNode',
    '_D3foo3barFiZi',
    // the library only supports ASCII
    '_Z7größev',
    '?foo@@YAXXZ',
    '[unknown]',
    'libc.so.6',
  ])
    expect([full(label), names(label)]).toEqual([label, label]);
});

it('Rust names that differ only in their hash become equal', () => {
  expect(full('_ZN4main8dyn_part17h37217e20fc4d57a5E')).toBe('main::dyn_part');
  expect(full('_ZN4main8dyn_part17h0123456789abcdefE')).toBe('main::dyn_part');
});

it('the hash of a Rust name is also removed if perf has demangled all but the hash', () => {
  const shim = 'core::ops::function::FnOnce::call_once{{vtable.shim}}';
  const hash = '::h0123456789abcdef';
  expect(full(shim + hash)).toBe(shim);
  expect(full(`<T as U>::f${hash}+0x10 [app]_[k]`)).toBe('<T as U>::f+0x10 [app]_[k]');
  expect(labelsBy({ style: 'mangled' })(shim + hash)).toBe(shim + hash);
  for (const other of ['ns::h0123456789', `a${hash}0`, `a${hash}::b`, hash]) expect(full(other)).toBe(other);
});

it('copies created by a compiler keep their suffix, or get the name of the original function if requested', () => {
  const clones = '_ZN3foo3barEv.part.1.constprop.0';
  expect(full(clones)).toBe('foo::bar() [clone .part.1] [clone .constprop.0]');
  expect(names(clones)).toBe('foo::bar [clone .part.1] [clone .constprop.0]');
  expect(full('_ZN4main1f17h37217e20fc4d57a5E.llvm.811')).toBe('main::f [clone .llvm.811]');
  expect(full('_ZN3foo3barEv._omp_fn.0')).toBe('foo::bar() [clone ._omp_fn.0]');
  expect(full('foo.isra.0')).toBe('foo.isra.0');
  for (const [label, function_] of [
    [clones, 'foo::bar()'],
    ['_ZN4main1f17h37217e20fc4d57a5E.llvm.811', 'main::f'],
    ['foo.isra.0', 'foo'],
    ['foo.constprop.0.isra.0+0x10 [vmlinux]', 'foo+0x10 [vmlinux]'],
    ['schedule.cold_[k]', 'schedule_[k]'],
    ['foo::bar() [clone .isra.0] [clone .cold]', 'foo::bar()'],
    ['_ZN3foo3barEv._omp_fn.0', 'foo::bar() [clone ._omp_fn.0]'],
    ['[libfoo.part.so]', '[libfoo.part.so]'],
    ['runtime.part', 'runtime'],
  ])
    expect(merged(label!)).toBe(function_);
  expect(labelsBy({ style: 'mangled', mergeClones: true })('_ZN3foo3barEv.cold')).toBe('_ZN3foo3barEv');
});

it('characters that folded text cannot contain are replaced', () => {
  expect(full('_RINvC3foo3barAhj4_E')).toBe('foo::bar::<[u8: 4]>');
  // a leaf must not end in a space and a number, because these would look like a second count
  expect(full('_ZN3foo7$u20$12E')).toBe('foo::_12');
  // a label that is invalid for a leaf stays invalid for a leaf
  expect(full('_ZN3foo3barEv 12')).toBe('foo::bar() 12');
});

it('arguments are removed, but names in brackets are kept', () => {
  for (const [name, without] of [
    ['std::ostream::operator<<(int)', 'std::ostream::operator<<'],
    ['bool operator< <int>(int)', 'bool operator< '.trim()],
    ['Foo::operator()(int) const', 'Foo::operator()'],
    ['Foo::operator->() const', 'Foo::operator->'],
    ['Foo::operator int()', 'Foo::operator int'],
    ['foo::bar(int) const::{lambda(int)#1}::operator()(int) const', 'foo::bar::{lambda(int)#1}::operator()'],
    ['Foo<((1)>(2))>::bar() &&', 'Foo::bar'],
    ['Foo<((1)<(2))>::bar()', 'Foo::bar'],
    ['a::(anonymous namespace)::f(int)', 'a::(anonymous namespace)::f'],
    [
      'core::fmt::num::<impl core::fmt::Display for Foo<T>>::fmt',
      'core::fmt::num::<impl core::fmt::Display for Foo>::fmt',
    ],
    [
      '<dyn core::ops::Fn<(u8,)> + Send as Foo<fn(u8) -> u8>>::f::<u64>',
      '<dyn core::ops::Fn + Send as Foo>::f',
    ],
    ['cooperator<int>(int)', 'cooperator'],
    ['foo(', 'foo('],
    ['<', '<'],
    ['()', '()'],
  ])
    expect(namesOnly(name!)).toBe(without);
});
