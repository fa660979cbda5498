import { describe, expect, it } from 'vitest';
import { caseOf, stapflame } from './stapflame.ts';

const RUST = caseOf('programs-rust').trace;
const NODE = caseOf('programs-node').trace;
const BAR = '_ZN3foo3barEv';

const output = async (words: readonly string[], input = ''): Promise<string> => {
  const { code, stdout, stderr } = await stapflame([...words, '-q'], input);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
};
const sumOf = (folded: string): number =>
  folded
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);

describe('names', () => {
  it.each([
    ['parse', '"symbol":"<main::Hash<_> as main::Work>::go"'],
    ['fold', 'main::dyn_part;<main::Hash<_> as main::Work>::go '],
    ['flame', 'main::Hash&lt;_&gt; as main::Work'],
  ])('are demangled by %s by default, and are unchanged with --no-demangle', async (command, named) => {
    const mangled = '_ZN50_$LT$main..Hash$LT$_$GT$$u20$as$u20$main..Work$GT$2go17hee60a8b49f09714aE';
    const readable = await output([command, RUST]);
    expect(readable).toContain(named);
    expect(readable).not.toContain(mangled);
    expect(await output([command, '--no-demangle', RUST])).toContain(mangled);
  });

  it('lose their arguments with fold --demangle names, but the total stays the same', async () => {
    const raw = await output(['fold', '--no-demangle', NODE]);
    const names = await output(['fold', '--demangle', 'names', NODE]);
    expect(names).toContain(';v8::internal::JsonParser::ParseJsonValue [clone .isra.0];');
    expect(names).not.toMatch(/v8::internal::\w+\(/);
    const merged = await output(['fold', '--demangle', 'names', '--merge-clones', NODE]);
    expect(merged).toContain(';v8::internal::JsonParser::ParseJsonValue;');
    expect([names, merged].map(sumOf)).toEqual([sumOf(raw), sumOf(raw)]);
    expect(await output(['fold', '--no-demangle', '--merge-clones', NODE])).toMatch(/ParseJsonValue\w+;/);
  });

  it('in folded text are demangled by render, which merges stacks that are then equal', async () => {
    const hashes = ['17h37217e20fc4d57a5E', '17h0123456789abcdefE'].map(
      (hash) => `main;_ZN4main1f${hash} 1\n`,
    );
    const folded = 'main;main::f 2\n';
    expect(await output(['render'], hashes.join(''))).toBe(await output(['render'], folded));
    const raw = await output(['fold', '--no-demangle', NODE]);
    expect(await output(['render'], raw)).toBe(await output(['render'], await output(['fold', NODE])));
  });

  it('are not demangled with render --sorted, unless --demangle is given', async () => {
    const sorted = `_ZN3fooEv 1\n${BAR};x 2\nzoo 3\n`.split('\n').sort().join('\n').trim();
    expect(await output(['render', '--sorted'], `${sorted}\n`)).toContain(BAR);
    expect(await output(['render', '--sorted', '--demangle', 'full'], `${sorted}\n`)).toBe(
      await output(['render'], `${sorted}\n`),
    );
  });

  it('can be passed to --base in demangled or mangled form', async () => {
    const folded = `a;${BAR};c 2\nb;d 3\n`;
    const picture = await output(['render', '--base', 'foo::bar()'], folded);
    expect(picture).toContain('foo::bar()');
    expect(await output(['render', '--base', BAR], folded)).toBe(picture);
  });

  it('that would take too long to demangle stay mangled, and a message says so', async () => {
    const reference = (i: number): string => `S${i.toString(36).toUpperCase()}_`;
    const bomb = (levels: number): string =>
      `_Z1fSt4pairI1AS0_E${Array.from({ length: levels }, (_, i) => `S_I${reference(i + 1).repeat(2)}E`).join('')}`;
    const folded = Array.from({ length: 400 }, (_, i) => `${bomb(20 + (i % 30))}.${i};${BAR} 1\n`).join('');
    const { code, stderr } = await stapflame(['render'], folded);
    expect(code).toBe(0);
    expect(stderr).toContain('demangling took too long for too many names');
  });

  it('are not demangled if the style is unknown, and the exit code is 64', async () => {
    const { code, stderr } = await stapflame(['fold', '--demangle', 'short', RUST]);
    expect(code).toBe(64);
    expect(stderr).toContain('full, names');
  });
});
