import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { asWords, quoted, sh } from '../src/shell.ts';
import { textOfBytes } from '../src/text-of-bytes.ts';

/** Returns the arguments that a shell passes to the program `words` in this command. */
function wordsIn(shell: 'sh' | 'bash', command: string): readonly string[] {
  const script = `words() { for word; do printf '%s\\0' "$word"; done; }\n${command}`;
  const env = { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] };
  return execFileSync(shell, ['-c', script], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] })
    .split('\0')
    .slice(0, -1);
}

const SEEN = fc
  .string({ unit: 'grapheme' })
  .filter((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text));
const ANY = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && !/\p{Cs}/u.test(text));
const HOSTILE = fc.constantFrom(
  '-R',
  '--',
  '',
  '~',
  'a=~',
  '=ls',
  '$(touch INJECTED)',
  '`touch INJECTED`',
  "a'b",
  '* ? [a]',
  'a;b|c&d>e',
  '!!',
  '\\',
  '#x',
);

describe('a command', () => {
  it.each(['sh', 'bash'] as const)('is split by %s into the intended words', (shell) => {
    fc.assert(
      fc.property(fc.array(fc.oneof(HOSTILE, SEEN), { maxLength: 6 }), (list) => {
        const words = asWords(list);
        const command = words === undefined ? sh`words -x` : sh`words -x -- ${words} y${list[0]!}z`;
        const expected = words === undefined ? ['-x'] : ['-x', '--', ...words, `y${list[0]!}z`];
        expect(wordsIn(shell, command)).toEqual(expected);
      }),
      share(0.3),
    );
  });

  it('escapes control characters, which bash restores', () => {
    fc.assert(
      fc.property(ANY, (text) => {
        expect(quoted(text)).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/,
        );
        expect(wordsIn('bash', sh`words ${text}`)).toEqual([text]);
      }),
      { ...share(0.3), examples: [["a\u001b]0;x\u0007'\n\u202eb7"], ['\u200f\n']] },
    );
  });

  it('escapes bytes that are not UTF-8, which bash restores', () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 1, minLength: 1, maxLength: 8 }), (name) => {
        const command = sh`printf %s ${textOfBytes(name)}`;
        expect(command).not.toMatch(/[\ud800-\udfff\ufffd]/);
        const env = { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] };
        // without SHLVL, bash mistakes the pipe for a remote login; --norc keeps it from reading its
        // start-up file
        const printed = execFileSync('bash', ['--norc', '-c', command], { env });
        expect(printed).toEqual(Buffer.from(name));
      }),
      { ...share(0.3), examples: [[Buffer.from('caf\xe9', 'latin1')], [Buffer.from("é'\xff7", 'latin1')]] },
    );
  });

  it('leaves a value unquoted only if it is marked as verbatim', () => {
    expect(sh`${{ verbatim: 'sudo ' }}words ${'a b'}`).toBe("sudo words 'a b'");
  });

  it('cannot contain an empty list of words', () => {
    expect(asWords([])).toBeUndefined();
  });
});
