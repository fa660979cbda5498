import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { SHELLS } from '../src/help/completions.ts';
import { stapflame } from './stapflame.ts';

let directory: string;
beforeAll(async () => {
  directory = temporaryDirectory();
  for (const shell of SHELLS)
    writeFileSync(join(directory, shell), (await stapflame(['completion', shell])).stdout);
  writeFileSync(join(directory, 'trace.bt'), '');
});

function isInstalled(program: string): boolean {
  return !spawnSync(program, ['--version']).error;
}

/** Returns the completions that bash offers for the last word. */
function inBash(...words: readonly string[]): readonly string[] {
  const script = `source ./bash; compopt() { [[ $2 == default ]] && echo FILES; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stapflame; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync('bash', ['-c', script, 'bash', 'stapflame', ...words], {
    cwd: directory,
    encoding: 'utf8',
  });
  return text.split('\n').filter(Boolean);
}

/** Returns the completions that fish offers at the end of the line. */
function inFish(line: string): readonly string[] {
  const env = { ...process.env, HOME: directory, XDG_CONFIG_HOME: directory };
  const text = execFileSync('fish', ['--no-config', '-c', `source ./fish; complete -C '${line}'`], {
    cwd: directory,
    encoding: 'utf8',
    env,
  });
  return text
    .split('\n')
    .filter(Boolean)
    .map((offer) => offer.split('\t')[0]!);
}

describe('bash', () => {
  it('completes commands', () => {
    expect(inBash('fl')).toEqual(['flame']);
    expect(inBash('help', 'me')).toEqual(['merge']);
    expect(inBash('completion', '')).toEqual([...SHELLS]);
  });
  it("completes the command's options", () => {
    expect(inBash('render', '--inv')).toEqual(['--inverted']);
    expect(inBash('fold', '--inv')).toEqual([]);
  });
  it('completes known values and file names', () => {
    expect(inBash('flame', '--output-format', 'sp')).toEqual(['speedscope']);
    expect(inBash('flame', '-o', '')).toEqual(['FILES']);
    expect(inBash('flame', '')).toEqual(['FILES']);
    expect(inBash('flame', '--title', '')).toEqual([]);
  });
});

describe.runIf(isInstalled('fish'))('fish', () => {
  it('completes commands, options, values and files', () => {
    expect(inFish('stapflame fl')).toEqual(['flame']);
    expect(inFish('stapflame render --inv')).toEqual(['--inverted']);
    expect(inFish('stapflame fold --inv')).toEqual([]);
    expect(inFish('stapflame flame --output-format sp')).toEqual(['speedscope']);
    expect(inFish('stapflame flame tra')).toEqual(['trace.bt']);
  });
});

describe.runIf(isInstalled('zsh'))('zsh', () => {
  it('registers the script as the completion for stapflame', () => {
    const script = 'autoload -U compinit; compinit -u -D; source ./zsh; print $_comps[stapflame]';
    const { stdout, stderr } = spawnSync('zsh', ['-fc', script], { cwd: directory, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '_stapflame\n', stderr: '' });
  });
});

it('completion rejects an unknown shell, and lists the supported shells', async () => {
  const { code, stderr } = await stapflame(['completion', 'bahs']);
  expect(code).toBe(64);
  expect(stderr).toBe('stapflame: SHELL: expected one of bash, zsh, fish, got bahs; did you mean bash?\n');
});

describe('the manual', () => {
  it('contains every command and every option of flame', async () => {
    const page = (await stapflame(['man'])).stdout.replaceAll('\\-', '-');
    const text = (await stapflame(['help', 'flame'])).stdout;
    for (const [, flag] of text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) expect(page).toContain(flag);
    for (const command of ['flame', 'doctor', 'completion']) expect(page).toContain(`\n.SS ${command}\n`);
  });
  it.runIf(existsSync('/usr/bin/man'))('is displayed by man without a warning', async () => {
    const { stdout } = await stapflame(['man']);
    const { stdout: page, stderr } = spawnSync('man', ['--warnings', '-l', '-'], {
      input: stdout,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(page).toContain('--output-format');
  });
});
