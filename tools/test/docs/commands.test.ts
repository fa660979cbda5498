import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../testing/cleanup.ts';
import { startReading } from '../../../testing/processes.ts';
import { blocksOf, codeSpansOf, indentedBlocksOf, PAGES, ROOT, type Block, type Page } from './pages.ts';

const MAIN = `${ROOT}packages/cli/bundle/bin/main.js`;
/** Generated from the doctor's table. The page's commands change a machine, and the doctor's tests cover them. */
const GENERATED = 'docs/troubleshooting.md';

const isShell = ({ language }: Block): boolean => language === 'sh';
/** Commands that were typed after `$ `, and their output. */
const isSession = ({ language }: Block): boolean => language === 'console';
const isProgram = ({ language }: Block): boolean => language === 'ts' || language === 'js';
const isExample = ({ words }: Block): boolean => words.includes('example');
const runs = (block: Block): boolean =>
  (isShell(block) || isSession(block) || isProgram(block)) && !isExample(block);

describe('commands in the docs', () => {
  it.each(PAGES)('$file shows code only between fences, so that each block has a language', (page) => {
    expect(indentedBlocksOf(page)).toEqual([]);
    expect(blocksOf(page).filter(({ language }) => language === '')).toEqual([]);
  });

  const toRun = PAGES.filter((page) => page.file !== GENERATED && blocksOf(page).some(runs));
  it.each(toRun)('$file: blocks that are not marked as examples run', async (page) => {
    const directory = workplace();
    for (const block of blocksOf(page).filter(runs)) {
      const { typed, printed } = sessionOf(block);
      const words = isProgram(block) ? ['node', await bundled(block, directory)] : ['bash', '-euc', typed];
      const { child, end } = startReading(words[0]!, words.slice(1), {
        cwd: directory,
        env: { ...process.env, PATH: `${directory}/.bin:${process.env['PATH']}` },
      });
      child.stdin!.end();
      const { code, stdout, stderr } = await end;
      expect({ code, typed, stderr }).toMatchObject({ code: expectedCode(block) });
      if (printed !== undefined) expect(stdout).toMatch(printed);
    }
  });
});

describe('flags in the docs', () => {
  let flags: ReadonlyMap<string, ReadonlySet<string>>;
  beforeAll(async () => {
    flags = await flagsOfAllCommands();
  });

  it.each(PAGES.filter((page) => callsOf(page).length > 0))('$file names flags that exist', (page) => {
    const wrong = callsOf(page).flatMap(({ command, words }) => {
      const known = flags.get(command);
      if (known === undefined) return [`there is no command ${command}`];
      return words
        .flatMap((word) => /^--?[a-zA-Z][\w-]*/.exec(word) ?? [])
        .filter((word) => !known.has(word) && !(/^-[^-]./.test(word) && known.has(word.slice(0, 2))))
        .map((word) => `${command} has no flag ${word}`);
    });
    expect(wrong).toEqual([]);
  });
});

/** Creates a directory with the files that the pages' commands use, and with `stapflame` in `.bin`. */
function workplace(): string {
  const directory = temporaryDirectory('docs-');
  const example = (from: string, to: string): void =>
    copyFileSync(`${ROOT}examples/${from}`, join(directory, to));
  for (const name of ['trace.txt', 'trace.bt', 'plain.bt', 'test.bt']) example('perl/trace.txt', name);
  for (const name of ['trace.folded', 'before.folded', 'test.cbt']) example('perl/folded.txt', name);
  example('burn/folded.txt', 'after.folded');
  example('burn/trace.txt', 'burn.txt');
  mkdirSync(join(directory, 'shards'));
  example('perl/folded.txt', 'shards/web1.folded');
  example('perl/folded.txt', 'shards/web2.folded');
  mkdirSync(join(directory, '.bin'));
  writeFileSync(join(directory, '.bin/stapflame'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`, {
    mode: 0o755,
  });
  return directory;
}

/** Returns a block's commands. For a session, also returns the expected output, where a line `…` matches any lines. */
function sessionOf(block: Block): { readonly typed: string; readonly printed?: RegExp } {
  if (!isSession(block)) return { typed: block.text };
  const [typed, ...lines] = block.text.split('\n');
  const pattern = lines.map((line) => (line === '…' ? '(?:.*\\n)*' : `${escaped(line)}\\n`)).join('');
  return { typed: typed!.replace(/^\$ /, ''), printed: new RegExp(`^${pattern}$`) };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/** Returns the expected exit code of a block's last command, from `sh exit=75`. */
function expectedCode({ words }: Block): number {
  const given = words.find((word) => word.startsWith('exit='));
  return given === undefined ? 0 : Number(given.slice('exit='.length));
}

/** Bundles a page's program with the sources of the packages that it imports. Returns the path of the bundle. */
async function bundled({ text }: Block, directory: string): Promise<string> {
  // esbuild runs in a separate process, which does not end by itself
  atEnd(() => stop());
  const outfile = join(directory, 'program.mjs');
  await build({
    stdin: { contents: text, resolveDir: `${ROOT}tools`, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@stapflame/source'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'silent',
    outfile,
  });
  return outfile;
}

interface Call {
  readonly command: string;
  readonly words: readonly string[];
}

/** Finds each `stapflame COMMAND …` on a page, in blocks and in the text. */
function callsOf(page: Page): readonly Call[] {
  const code = [
    ...blocksOf(page)
      .filter((block) => isShell(block) || isSession(block))
      .map(({ text }) => text),
    ...codeSpansOf(page),
  ];
  return code.flatMap((text) =>
    [
      ...text
        .replaceAll('\\\n', ' ')
        .replaceAll(/\$\([^)]*\)/g, 'OUTPUT')
        .matchAll(/(?<![\w/@.-]|# )stapflame ([a-z]+)([^|;&\n#)]*)/g),
    ].map(([, command, rest]) => ({ command: command!, words: wordsOf(rest!) })),
  );
}

/** Splits at blanks; quoted text is not a flag. */
function wordsOf(text: string): readonly string[] {
  return text
    .replaceAll(/'[^']*'|"[^"]*"/g, 'QUOTED')
    .split(/\s+/)
    .filter((word) => word !== '');
}

async function flagsOfAllCommands(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const source = readFileSync(`${ROOT}packages/cli/src/program.ts`, 'utf8');
  const commands = [...source.matchAll(/^ {2}(\w+): async \(program/gm)].map(([, name]) => name!);
  expect(commands).toContain('flame');
  const found = new Map<string, ReadonlySet<string>>([['help', new Set()]]);
  for (const command of commands) {
    const { child, end } = startReading(process.execPath, [MAIN, command, '--help']);
    child.stdin!.end();
    const { stdout } = await end;
    found.set(command, new Set(stdout.match(/(?<=^ +|, )--?[a-zA-Z][\w-]*/gm) ?? []));
  }
  return found;
}
