import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/doctor.ts';
import type { Finding } from '../src/finding.ts';
import { findingOf, type Circumstances, type Entry, type Values } from '../src/messages/entry.ts';
import { readMessage, shown, valuesOf, valuesOfLines, withoutPrefix } from '../src/messages/read-message.ts';
import { commandToSampleAgain, sampleAgainText } from '../src/messages/sampling-flags.ts';
import { ENTRIES } from '../src/messages/table.ts';
import { asWords, type Words } from '../src/shell.ts';
import { shapesOf } from './command-shapes.ts';

const EXAMPLES = ENTRIES.flatMap((entry) => entry.examples.map(({ text }) => ({ entry, text })));
const valuesIn = (entry: Entry, text: string): Values =>
  valuesOfLines(entry, text.split('\n').map(shown)) ?? {};
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
  { distribution: { id: 'debian' }, stacks: 'user' },
];
const ALL: readonly Finding[] = EXAMPLES.flatMap(({ entry, text }) =>
  SITES.map((machine) => findingOf(entry, valuesIn(entry, text), machine)),
);

describe('every message in the table', () => {
  it('has a unique name and an example', () => {
    const codes = ENTRIES.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !/^[a-z]+(?:-[a-z]+)*$/.test(code))).toEqual([]);
    expect(ENTRIES.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });

  it.each(EXAMPLES)('$entry.code is recognised by its first line: $text', ({ entry, text }) => {
    expect(readMessage(shown(text.split('\n')[0]!))?.entry.code).toBe(entry.code);
  });

  it('contains the expected values', async () => {
    const read = EXAMPLES.map(({ entry, text }) => [text, valuesIn(entry, text)]);
    await expect(`${JSON.stringify(read, null, 2)}\n`).toMatchFileSnapshot('fixtures/values.json');
  });

  it('has an example for each of its patterns', () => {
    const unused = ENTRIES.flatMap(({ code, patterns, examples }) =>
      patterns
        .filter(
          (pattern) =>
            !examples.some(({ text }) => pattern.test(withoutPrefix(text.replaceAll(/\n\s*/g, ' ')))),
        )
        .map((pattern) => `${code}: ${String(pattern)}`),
    );
    expect(unused).toEqual([]);
  });

  it.each(EXAMPLES)('is the only message that its first line matches: $text', ({ entry, text }) => {
    const [first] = text.split('\n');
    const fitting = ENTRIES.filter((other) => valuesOf(other, withoutPrefix(first!)) !== undefined);
    expect(fitting.map(({ code }) => code)).toEqual([entry.code]);
  });

  it("is recognised in colour, after stapflame's prefix, with CRLF, and if more text follows", () => {
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

describe('a finding about a message', () => {
  it('consists of complete sentences without unfilled placeholders', () => {
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

  it('contains commands with valid shell syntax, each on one line', () => {
    const commands = new Set(
      ALL.flatMap(({ fixes }) => fixes.flatMap(({ commands, undo = [] }) => [...commands, ...undo])),
    );
    expect(commands.size).toBeGreaterThan(80);
    for (const command of commands) {
      expect(command).not.toMatch(/undefined|\n|^\s|\s$|^$/);
      execFileSync('sh', ['-n'], { input: `${command}\n` });
    }
  });

  it('has an obstacle if and only if it blocks sampling', () => {
    for (const { code, severity, obstacle } of ALL)
      expect(obstacle !== undefined, code).toBe(severity === 'blocks');
  });

  it('suggests a last resort only at the end, with its risk', () => {
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

  it('states the risk of every permission that its commands grant, and how to revoke the permission', () => {
    const RIGHTS = /usermod|adduser|setcap|sysctl .*=|chmod|mokutil|sudoers/;
    for (const { code, fixes } of ALL)
      for (const { commands, risk, undo } of fixes)
        if (commands.some((command) => RIGHTS.test(command))) {
          expect(risk, code).toBeDefined();
          expect(undo?.length, code).toBeGreaterThan(0);
        }
  });

  it("distinguishes stap's flags from record's flags of the same name", () => {
    const STAP = /^(?:-d|-s|-v|-vv|-k|-B|-D\w+(?:=\w+)?|--skip-badvars|--suppress-handler-errors)$/;
    const again = new Set(ALL.flatMap(({ fixes }) => fixes.flatMap((fix) => (fix.again ? [fix.again] : []))));
    for (const words of again) {
      const flags = words.filter((word) => word.startsWith('-'));
      expect(sampleAgainText(words).includes(' the stap command:'), words.join(' ')).toBe(
        flags.every((flag) => STAP.test(flag)),
      );
    }
  });

  it('adds its flags to one command, with all -d flags but only the first occurrence of any other flag', () => {
    const finding = (again: Words, risk?: string): Finding => ({
      ...ALL[0]!,
      fixes: [{ commands: [], again, ...(risk !== undefined && { risk }) }],
    });
    const findings = [
      finding(['-d', '/a b', '-d', '-x']),
      finding(['-s', '64']),
      finding(['-F', '19']),
      finding(['-F', '7', '-d', '/c']),
      finding(['-DSTP_NO_OVERLOAD'], 'Last resort'),
    ];
    expect(commandToSampleAgain(['stapflame', 'record', '-p', '7'], findings)).toBe(
      "stapflame record -p 7 -d '/a b' -d -x -a '-s 64' -F 19 -d /c",
    );
    expect(commandToSampleAgain(['stapflame', 'record'], [])).toBeUndefined();
  });

  it('never suggests the command that has just failed', () => {
    const text = 'x.c:1:1: error: the frame size of 2064 bytes is larger than 2048 bytes [-Werror]';
    const command = commandToSampleAgain(['stapflame', 'record', '-p', '7'], diagnose(text));
    expect(command).toBe('stapflame record -p 7 -a -DMAXSTRINGLEN=2000');
    const words = ['stapflame', 'record', '-p', '7', '-a', '-DMAXSTRINGLEN=2000'] as const;
    expect(commandToSampleAgain(words, diagnose(text))).toBeUndefined();
  });

  it('suggests commands of the same shape even if the values in the message are hostile', () => {
    // compares the findings for each example with those for a copy with hostile text in place of its values
    const cases = EXAMPLES.flatMap(({ entry, text }) =>
      HOSTILE.map((hostile) => ({ entry, text, changed: withValues(entry, text, hostile) })),
    ).filter(({ entry, changed }) => readMessage(shown(changed.split('\n')[0]!))?.entry === entry);
    expect(cases.length).toBeGreaterThan(400);
    const shapes = new Map<string, string | undefined>();
    const shape = (commands: readonly string[]): void => {
      const unknown = [...new Set(commands)].filter((command) => !shapes.has(command));
      for (const [at, each] of shapesOf(unknown).entries()) shapes.set(unknown[at]!, each);
    };
    for (const machine of [SITES[0]!, SITES[2]!, SITES[4]!, SITES[5]!, SITES[7]!]) {
      const pairs = cases.map(({ entry, text, changed }) =>
        [text, changed].map((each) => commandsOf(findingOf(entry, valuesIn(entry, each), machine))),
      );
      shape(pairs.flat(2));
      // an entry may suggest other commands for another kind of value, but only those that one of its examples gets
      const known = new Map(cases.map(({ entry }) => [entry, new Set<string | undefined>()]));
      for (const [at, [real]] of pairs.entries())
        for (const command of real!) known.get(cases[at]!.entry)!.add(shapes.get(command));
      for (const [at, [, other]] of pairs.entries()) {
        const { entry, changed } = cases[at]!;
        for (const command of other!) {
          expect(shapes.get(command), command).toBeDefined();
          expect(known.get(entry), `${changed}: ${command}`).toContain(shapes.get(command));
        }
      }
    }
  });

  it.each([
    ["ERROR: Couldn't insert module '/tmp/-R.ko': File exists", 'sudo staprun -d -- -R'],
    ['Be root or adduser --force-badname stapdev', 'sudo adduser -- --force-badname stapdev'],
    [
      'ssh: connect to host -oProxyCommand=reboot port 22: Connection refused',
      'ssh -v -- -oProxyCommand=reboot true',
    ],
  ])('lets no part of the message become an option in a command: %s', (text, command) => {
    const [finding] = diagnose(text, { distribution: { id: 'debian' } });
    expect(commandsOf(finding!)).toContain(command);
  });

  it.each([
    'Need to install ;reboot',
    'Need to install --allow-unauthenticated',
    'Need to install libc6-',
    'Need to install *',
    'package $(reboot) is not installed',
    "ERROR: Couldn't insert module '/tmp/.ko': File exists",
    'Missing separate debuginfos, use: debuginfo-install --nogpgcheck $(x)',
  ])('suggests no command for an invalid package or module name: %s', (text) => {
    for (const machine of SITES)
      for (const finding of diagnose(text, { distribution: machine.distribution }))
        for (const command of commandsOf(finding))
          expect(command).not.toMatch(
            /(?:install(?: --)?|-S(?: --)?|add(?: --)?|staprun -d(?: --)?) *$|reboot|libc6-$/,
          );
  });

  it('drops words that are not package names from a list of packages', () => {
    const [packages] = diagnose(
      'Missing separate debuginfos, use: debuginfo-install --evil $(x) a-1-1.x86_64;b zlib-1-1.x86_64',
      { distribution: { id: 'fedora' } },
    );
    expect(packages!.fixes[0]!.commands).toEqual(['sudo dnf debuginfo-install zlib-1-1.x86_64']);
  });
});

const HOSTILE = [
  '-R',
  '--',
  '/tmp/-R.ko',
  '/opt/$(touch INJECTED)\';`x`;"|&> b',
  '; reboot',
  '*',
  '/',
  '',
  ' ',
  "'",
  '"',
  '\\',
  'libc6-',
];

function commandsOf({ fixes }: Finding): readonly string[] {
  return fixes.flatMap(({ commands, undo = [], again = [] }) => {
    const words = asWords(again);
    return [...commands, ...undo, ...(words ? [sampleAgainText(words).replace(/^.*: /, 'stap ')] : [])];
  });
}

/** Replaces the values in a message with hostile text. */
function withValues(entry: Entry, text: string, hostile: string): string {
  const values = Object.values(valuesIn(entry, text)).toSorted((a, b) => b.length - a.length);
  return values.reduce((changed, value) => changed.replace(value, () => hostile), text);
}
