import { TraceParser, type ParserOptions } from '@stapflame/stap-parser';
import { generateScript } from '@stapflame/stap-script';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';

/** Thread names that look like other parts of a trace. The kernel keeps at most 15 bytes of a name. */
const HOSTILE = [
  '',
  ' ',
  'ERROR: x',
  'WARNING: x',
  'Pass 5: failed',
  'stapio: x',
  ' 0x1 : a',
  ' 0x7f1234567890',
  ' 0x1 [m+0x1]',
  'a+0x1',
  'k+0x1 [kernel]',
  '\t5',
  '#> 0 1',
  '#< 0 1',
  '#> 0 5',
  '#. 5',
  '#= x',
  '#',
  '# stapflame end',
  '0: x',
  '0:  0x1 ',
  '0: #. 5',
  'a[1]=0x1',
  'a;b 5',
  'a\nb',
  '\n\t1',
  '\r',
  '\u0001\u007f',
  '\\u0041\\101\\n',
  'Größe "1"',
  'é\u202e日本',
  '\u001b[31mERROR: ',
];

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text).subarray(0, 15);
const name: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constantFrom(...HOSTILE).map(bytesOf),
  fc.uint8Array({ min: 1, maxLength: 15 }),
  // the kernel may truncate a name in the middle of a character
  fc.string({ unit: 'grapheme', maxLength: 15 }).map((text) => bytesOf(text.replaceAll('\0', ''))),
);

const SHORT_ESCAPES = new Map(
  [...'\u0007a\bb\ff\nn\rr\tt\vv""\\\\'.matchAll(/(.)(.)/gsu)].map(([, from, to]) => [from!, `\\${to}`]),
);

/** Converts a name to printable ASCII, as SystemTap's text_str() does (see `_stp_text_str()` in its runtime). */
function textStr(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((size) => isCharacter(bytes.subarray(at, at + size))) ?? 1;
    const char = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(at, at + length));
    const point = char.codePointAt(0)!;
    const digits = point.toString(16).toUpperCase();
    if (length > 1)
      text += point > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
    else if (SHORT_ESCAPES.has(char)) text += SHORT_ESCAPES.get(char)!;
    else if (/^[ -~]$/.test(char)) text += char;
    else text += `\\${bytes[at]!.toString(8).padStart(3, '0')}`;
    at += length;
  }
  return text;
}

function isCharacter(bytes: Uint8Array): boolean {
  try {
    return [...new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)].length === 1;
  } catch {
    return false;
  }
}

/** Executes the statements in a script's sampling probe for a thread with this name, and returns their output. */
function sampled(script: string, threadName: Uint8Array): string {
  const probe = /^probe perf[^]*?^\}/m.exec(script)![0];
  const values: Record<string, string> = {
    on: '0',
    now: '5',
    'tid()': '4242',
    'text_str(execname())': textStr(threadName),
  };
  let text = '';
  for (const [statement, format, words] of probe.matchAll(
    /print_u?backtrace\(\)|printf\("(.*?)"((?:, [^,\n]+)*)\)\n/g,
  )) {
    if (format === undefined) text += statement === 'print_backtrace()' ? KERNEL : USER;
    else {
      const given = words!.split(', ').slice(1);
      text += format
        .replaceAll('\\n', '\n')
        .replaceAll('\\t', '\t')
        .replace(/%[sd]/g, () => values[given.shift()!]!);
    }
  }
  return text;
}

const KERNEL = ' 0xffffffff81000000 : do_work+0x1/0x2 [kernel]\n';
const USER = ' 0x401000 : leaf+0x1/0x2 [/bin/p]\n 0x402000 : main+0x1/0x2 [/bin/p]\n';

/** Parses a trace, and returns its stacks, root first, and whether it is complete. */
function read(
  trace: string,
  scanner: NonNullable<ParserOptions['scanner']>,
): { stacks: string[]; complete: boolean } {
  const parser = new TraceParser({ scanner });
  parser.push(new TextEncoder().encode(trace));
  parser.endInput();
  const stacks = parser.take().flatMap((batch) =>
    Array.from(batch, ({ frames }) =>
      frames
        .map(({ label }) => label)
        .toReversed()
        .join(';'),
    ),
  );
  return { stacks, complete: parser.summary().complete };
}

/** Converts a name to the label that represents it in folded text. */
function cleaned(text: string): string {
  const label = text
    .replaceAll(';', ':')
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\u2028\u2029]/gu, '\ufffd')
    .trim()
    .replace(/^#(?= |$) ?/, '#_');
  return label === '' ? '[unknown]' : label;
}

describe.each(['reference', 'wasm'] as const)('with the %s scanner', (scanner) => {
  it.each(['comm', 'thread'] as const)(
    "a stack's root frame is the thread's name, whatever that name is (--root %s)",
    (root) => {
      const { text: script } = generateScript({ pid: 1, seconds: 1, root });
      const beginning = '# stapflame 1 mode=stream hz=99 pids=1 unit=samples maxbacktrace=128\n';
      fc.assert(
        fc.property(fc.array(name, { minLength: 1, maxLength: 30 }), (names) => {
          const records = names.map((each) => sampled(script, each));
          const { stacks, complete } = read(
            `${beginning}${records.join('')}# stapflame end hits=${names.length}\n`,
            scanner,
          );
          const roots = names.map((each) => {
            const chosen = new TextDecoder('utf-8', { ignoreBOM: true }).decode(each);
            return cleaned(root === 'comm' ? chosen : `${chosen}/4242`);
          });
          expect(stacks).toEqual(roots.map((label) => `${label};main;leaf;do_work`));
          expect(complete).toBe(true);
        }),
        share(0.3),
      );
    },
  );
});
