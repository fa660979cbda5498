import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';

/** A page generated from the code, and the text that it must have. */
export interface ReferencePage {
  /** Its path in `docs/`. */
  readonly file: string;
  readonly text: string;
}

const INTRODUCTION = `# Commands and options

What \`stapflame COMMAND --help\` prints. This page is made by \`node tools/docs/make.mjs\`; a test compares it with the
command. The names of commands and flags, their meaning, and the [exit codes](exit-codes.md) are promises: they change only
with a new major version.`;

const EXIT_CODES = `# Exit codes

They follow sysexits.h. This page is made from \`packages/cli/src/exit.ts\` by \`node tools/docs/make.mjs\`.`;

/** Makes the pages in docs/reference/ from a checkout with a built CLI. */
export async function referencePages(root: URL): Promise<readonly ReferencePage[]> {
  return [
    { file: 'reference/commands.md', text: await formatted(commandsPage(root)) },
    { file: 'reference/exit-codes.md', text: await formatted(exitCodesPage(root)) },
  ];
}

function commandsPage(root: URL): string {
  const help = (...words: readonly string[]): string =>
    execFileSync(
      process.execPath,
      [fileURLToPath(new URL('packages/cli/bundle/bin/main.js', root)), ...words, '--help'],
      // the terminal may be wide and show colours; the page must not depend on it
      { encoding: 'utf8', env: { ...process.env, COLUMNS: '100', NO_COLOR: '1', FORCE_COLOR: undefined } },
    );
  const chapters = commandNames(root).map((name) => `## ${name}\n\n${fence(help(name))}`);
  return [INTRODUCTION, fence(help()), ...chapters].join('\n\n');
}

/** The commands in the order in which the help lists them. */
function commandNames(root: URL): readonly string[] {
  const source = readFileSync(new URL('packages/cli/src/program.ts', root), 'utf8');
  return [...source.matchAll(/^ {2}(\w+): async \(/gm)].map(([, name]) => name!);
}

function exitCodesPage(root: URL): string {
  const source = readFileSync(new URL('packages/cli/src/exit.ts', root), 'utf8');
  const rows = [...source.matchAll(/\/\*\* (.+) \*\/\n {2}[A-Z_]+: (\d+),/g)].map(
    ([, meaning, code]) => `| ${code} | ${meaning} |`,
  );
  return [EXIT_CODES, `| code | meaning |\n| --- | --- |\n${rows.join('\n')}`].join('\n\n');
}

function fence(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}

function formatted(text: string): Promise<string> {
  return prettier.format(text, { parser: 'markdown', printWidth: 110, singleQuote: true });
}
