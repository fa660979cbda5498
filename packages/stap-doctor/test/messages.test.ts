import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import type { Finding } from '../src/finding.ts';
import { againText, flagsOf, recordWords } from '../src/messages/again.ts';
import type { Circumstances } from '../src/messages/entry.ts';
import { findingOf } from '../src/messages/entry.ts';
import { readMessage, shown, valuesOf, withoutPrefix } from '../src/messages/read-message.ts';
import { ENTRIES } from '../src/messages/table.ts';

const EXAMPLES = ENTRIES.flatMap((entry) => entry.examples.map((example) => ({ entry, ...example })));
const SITES: readonly Circumstances[] = [
  ...(['debian', 'ubuntu', 'fedora', 'rhel', 'centos', 'suse', 'arch', 'alpine', 'unknown'] as const).map(
    (id) => ({
      distribution: { id },
    }),
  ),
  {
    distribution: { id: 'centos', version: '6.8' },
    root: true,
    kernel: '2.6.32-642.el6.x86_64',
    stacks: 'both',
  },
  {
    distribution: { id: 'debian' },
    stacks: 'user',
    command: ['sudo', 'stapflame', 'record', '-p', '42', '-t', '30'],
  },
];
const ALL: readonly Finding[] = EXAMPLES.flatMap(({ entry, values }) =>
  SITES.map((site) => findingOf(entry, values, site)),
);

describe('every message of the table', () => {
  it('has a name of its own and an example', () => {
    const codes = ENTRIES.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !/^[a-z]+(?:-[a-z]+)*$/.test(code))).toEqual([]);
    expect(ENTRIES.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });

  it.each(EXAMPLES)('$entry.code is recognised with its values: $text', ({ entry, text, values }) => {
    const lines = text.split('\n');
    expect(readMessage(lines[0]!)?.entry.code).toBe(entry.code);
    const joined = withoutPrefix(shown(lines.map((line) => line.trim()).join(' ')));
    expect(valuesOf(entry, joined)).toEqual(values);
  });

  it('has an example for each of its wordings', () => {
    const unused = ENTRIES.flatMap(({ code, patterns, examples }) =>
      patterns
        .filter(
          (pattern) => !examples.some(({ text }) => pattern.test(withoutPrefix(text.replaceAll('\n', ' ')))),
        )
        .map((pattern) => `${code}: ${String(pattern)}`),
    );
    expect(unused).toEqual([]);
  });

  it.each(EXAMPLES)('is alone with its line: $text', ({ entry, text }) => {
    const [first] = text.split('\n');
    const fitting = ENTRIES.filter((other) => valuesOf(other, withoutPrefix(first!)) !== undefined);
    expect(fitting.map(({ code }) => code)).toEqual([entry.code]);
  });

  it('is known in colour, behind the prefix of stapflame, with CRLF, and with further words at its end', () => {
    const text = "WARNING: Missing unwind data for a module, rerun with 'stap -d /opt/demo/bin/burn-nocfi'";
    const lines = [
      `stapflame: ${text}`,
      `\u001b[35;1mWARNING:\u001b[m${text.slice(8)}\r`,
      "ERROR: MAXACTION exceeded near identifier 'f' at <input>:1:2 (called from <input>:3:4) in probe timer.profile",
    ];
    expect(lines.map((line) => readMessage(shown(line))?.entry.code)).toEqual([
      'missing-unwind-data',
      'missing-unwind-data',
      'too-many-actions',
    ]);
  });
});

describe('what is said of a message', () => {
  it('is whole sentences, with nothing left unfilled', () => {
    for (const { code, meaning, cause, fixes } of ALL) {
      const sentences = [meaning, cause, ...fixes.flatMap(({ effect, risk }) => [effect, risk])];
      for (const sentence of sentences) {
        if (sentence === undefined) continue;
        expect(sentence, code).toMatch(/^\S.*\S$/s);
        expect(sentence, code).not.toMatch(/undefined|NaN|\n/);
      }
      expect(meaning, code).toMatch(/\.$/);
    }
  });

  it('gives commands that a shell understands, each on one line', () => {
    const commands = new Set(
      ALL.flatMap(({ fixes }) => fixes.flatMap(({ commands, undo = [] }) => [...commands, ...undo])),
    );
    expect(commands.size).toBeGreaterThan(80);
    for (const command of commands) {
      expect(command).not.toMatch(/undefined|\n|^\s|\s$|^$/);
      execFileSync('sh', ['-n'], { input: `${command}\n` });
    }
  });

  it('names the exit code of everything that blocks, and of nothing else', () => {
    for (const { code, severity, obstacle } of ALL)
      expect(obstacle !== undefined, code).toBe(severity === 'blocks');
  });

  it('proposes a last resort only at the end, with its risk', () => {
    const LAST =
      /mokutil --disable-validation|ptrace_scope=0|STAP_FIPS_OVERRIDE|suppress-time-limits|STP_NO_BUILDID_CHECK|STP_NO_OVERLOAD/;
    let seen = 0;
    for (const { code, fixes } of ALL) {
      const last = fixes.map((fix) => LAST.test(JSON.stringify([fix.commands, fix.again, fix.effect])));
      if (!last.includes(true)) continue;
      seen++;
      expect(last.lastIndexOf(false), code).toBeLessThan(last.indexOf(true));
      for (const [at, is] of last.entries()) if (is) expect(fixes[at]!.risk, code).toMatch(/^Last resort/);
    }
    expect(seen).toBeGreaterThan(5);
  });

  it('tells the risk of every right that is given, and how to take it back', () => {
    const RIGHTS = /usermod|adduser|setcap|sysctl .*=|chmod|mokutil|sudoers/;
    for (const { code, fixes } of ALL)
      for (const { commands, risk, undo } of fixes)
        if (commands.some((command) => RIGHTS.test(command))) {
          expect(risk, code).toBeDefined();
          expect(undo?.length, code).toBeGreaterThan(0);
        }
  });

  it("tells flags of record, which mean other things to stap, never as stap's", () => {
    const STAP = /^(?:-d|-s|-v|-vv|-k|-D\w+(?:=\w+)?|--skip-badvars|--suppress-handler-errors)$/;
    const again = ALL.flatMap(({ fixes }) => fixes.flatMap((fix) => (fix.again ? [fix.again] : [])));
    for (const words of again) {
      const flags = flagsOf(words).map(([flag]) => flag!);
      expect(againText(words).startsWith('stap …'), words.join(' ')).toBe(
        flags.every((flag) => STAP.test(flag)),
      );
      expect(
        recordWords(words)
          .filter((_, at, all) => all[at - 1] !== '-a')
          .join(' '),
      ).not.toMatch(/ -[sDvk]/);
    }
    expect(recordWords(['-d', '/a', '-s', '64', '-F', '19'])).toEqual([
      '-d',
      '/a',
      '-a',
      '-s 64',
      '-F',
      '19',
    ]);
  });

  it('pastes nothing of a message unquoted into a shell', () => {
    const evil = '/opt/$(touch evil)\';`x`;"|&> b';
    const [unwind] = diagnose(`WARNING: Missing unwind data for a module, rerun with 'stap -d ${evil}'`, {
      command: ['stapflame', 'record'],
    });
    const echoed = execFileSync(
      'sh',
      ['-c', unwind!.fixes[0]!.commands[0]!.replace('stapflame', 'printf "%s|"')],
      {
        encoding: 'utf8',
      },
    );
    expect(echoed).toBe(`record|-d|${evil}|`);
    const [packages] = diagnose(
      'Missing separate debuginfos, use: debuginfo-install --evil $(x) a-1-1.x86_64;b zlib-1-1.x86_64',
      {
        distribution: { id: 'fedora' },
      },
    );
    expect(packages!.fixes[0]!.commands).toEqual(['sudo dnf debuginfo-install zlib-1-1.x86_64']);
  });
});
