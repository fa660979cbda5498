import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { startReading } from '../../../testing/processes.ts';
import { EXAMPLES } from '../src/help/examples.ts';
import { COMMAND_GROUPS } from '../src/help/groups.ts';
import { Exit } from '../src/exit.ts';
import { caseOf, MAIN, stapflame } from './stapflame.ts';

const COMMANDS = Object.values(COMMAND_GROUPS).flat();
const help = new Map<string, string>();
let directory: string;
beforeAll(async () => {
  directory = temporaryDirectory();
  const { trace, folded } = caseOf('burn-u_g');
  // the files that the examples read
  const more = [
    ' 0x1 : malloc+0x1/0x2 [/p]',
    ' 0x2 : memcpy+0x1/0x2 [/p]',
    ' 0x3 : lock+0x1/0x2 [/p]\n 0x4 : main+0x1/0x2 [/p]',
  ];
  const text = `${more.map((frames) => `${frames}\n\t9\n`).join('')}${readFileSync(trace, 'utf8')}`;
  writeFileSync(join(directory, 'trace.bt'), text);
  writeFileSync(join(directory, 'samples.txt'), `${more.join('\n\n')}\n\n`);
  for (const name of ['trace', 'before', 'after'])
    writeFileSync(join(directory, `${name}.folded`), `${folded}main;lock 9\n`);
  for (const name of ['before', 'after'])
    await stapflame(['render', '-q', `${name}.folded`, '-o', `${name}.svg`], '', directory);
  for (const command of COMMANDS) help.set(command, (await stapflame(['help', command])).stdout);
  help.set('stapflame', (await stapflame(['--help'])).stdout);
});

it('the help lists every command under a heading, and every exit code', () => {
  const text = help.get('stapflame')!;
  for (const heading of Object.keys(COMMAND_GROUPS)) expect(text).toContain(`\n${heading}\n`);
  const listed = Array.from(text.matchAll(/^ {2}([a-z]+) {2,}\S/gm), ([, name]) => name);
  expect(listed.toSorted()).toEqual(COMMANDS.toSorted());
  for (const code of Object.values(Exit)) expect(text).toMatch(new RegExp(`^  ${code} +\\w`, 'm'));
});

it.each(COMMANDS.filter((command) => command !== 'version' && command !== 'help'))(
  'the help shows examples for %s',
  (command) => {
    expect(EXAMPLES[command]?.length).toBeGreaterThan(0);
    for (const [line, effect] of EXAMPLES[command]!)
      expect(help.get(command)).toContain(`  # ${effect}\n  ${line}\n`);
  },
);

describe.each(Object.entries(EXAMPLES))('the examples for %s', (_, examples) => {
  it.each(examples)('use only options that exist: %s', (line) => {
    const [, command = '', words = ''] = /stapflame ([a-z]+)(.*)/.exec(line) ?? [];
    const text = help.get(command)!;
    for (const [, flag] of words.matchAll(/ (--?[a-z][a-z-]*)(?=[ =]|$)/g))
      expect(text).toMatch(new RegExp(`${flag}\\b`));
  });
  // leaves out examples that need root or another machine, or that write to $HOME
  const here = examples.filter(([line]) => !/sudo|--host|doctor|~\/|--open|\| man/.test(line));
  it.runIf(here.length > 0).each(here)('can be run: %s', async (line) => {
    const shell = `stapflame() { "$NODE" "$MAIN" "$@"; }; ${line}`;
    const { end, child } = startReading('bash', ['-c', shell], {
      cwd: directory,
      env: { ...process.env, NODE: process.execPath, MAIN },
    });
    child.stdin!.end();
    const { code, stderr } = await end;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/expected|there is no/) });
  });
});

it("the help groups a command's options by purpose", () => {
  expect(help.get('flame')!.match(/^[A-Z].*:$/gm)).toEqual([
    'Arguments:',
    'Input:',
    'Frames and labels:',
    'Names:',
    'Stacks and frames to keep:',
    'Name lookup:',
    'Resources:',
    'Picture:',
    'Output:',
    'What to sample:',
    'Where to sample:',
    'Examples:',
  ]);
});

it.each([['-v'], ['-V'], ['--version'], ['version']])(
  'stapflame %s prints only the version',
  async (word) => {
    expect(await stapflame([word])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
  },
);

it('the help is coloured with FORCE_COLOR, but not in a pipe or with NO_COLOR', async () => {
  const colour = '\u001b[';
  const shown = async (env: NodeJS.ProcessEnv): Promise<string> =>
    (await stapflame(['help', 'fold'], '', undefined, { ...process.env, ...env })).stdout;
  expect(await shown({ FORCE_COLOR: '1' })).toContain(colour);
  expect(await shown({})).not.toContain(colour);
  expect(await shown({ NO_COLOR: '1' })).not.toContain(colour);
});

it("render accepts --color as another name for --colors, as in flamegraph.pl's documentation", async () => {
  const folded = 'a;b 1\n';
  const [one, other] = await Promise.all(
    ['--color', '--colors'].map((flag) => stapflame(['render', '-q', flag, 'java'], folded)),
  );
  expect(one).toMatchObject({ code: 0, stderr: '' });
  expect(one!.stdout).toBe(other!.stdout);
});
