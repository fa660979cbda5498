import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { startReading, type Finished } from '../../../testing/processes.ts';
import { installedSize, installRuntimes, installTarballs, PACKAGES, ROOT, type Runtime } from '../project.ts';
import { blocksOf, programsOf } from '../readme.ts';

/** Packages whose programs need SystemTap, another machine, or a process to sample, so they are only compiled. */
const NEED_MORE = new Set(['stap-runner']);
/** The maximum size of an installed package with all of its dependencies. */
const MEGABYTE = 1_000_000;
const LARGEST: Readonly<Record<string, number>> = {
  'stap-doctor': 2.5 * MEGABYTE,
  // every stage, bundled
  cli: 3 * MEGABYTE,
};

const runtimes = (process.env['STAPFLAME_RUNTIMES'] ?? '').split(',').filter(Boolean);

/** An example program in a README. */
interface Example {
  /** The package, by its directory. */
  readonly package: string;
  /** The name of the file that it is written to, without extension. */
  readonly file: string;
  readonly text: string;
}

let project: string;
let installed: readonly Runtime[];
let examples: readonly Example[];
beforeAll(() => {
  project = installTarballs();
  installed = installRuntimes(runtimes);
  examples = [...PACKAGES.keys()].flatMap((name) =>
    programsOf(readmeOf(name)).map(({ text }, i) => ({ package: name, file: `${name}-${i}`, text })),
  );
});

/** Returns the installed README's text; empty if the package has none. */
function readmeOf(name: string): string {
  const file = join(project, 'node_modules', PACKAGES.get(name)!.name, 'README.md');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Writes a page's program as JavaScript. */
function writeProgram(file: string, text: string): void {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(join(project, `${file}.js`), outputText);
}

async function run(
  [program, ...words]: readonly [string, ...string[]],
  more: readonly string[],
): Promise<Finished> {
  const running = startReading(program, [...words, ...more], { cwd: project });
  running.child.stdin?.end();
  return running.end;
}

describe.each([...PACKAGES.keys()])('%s', (name) => {
  it('is small when installed with all of its dependencies', () => {
    const size = installedSize(project, PACKAGES.get(name)!.name);
    console.log(`${name}: ${(size / MEGABYTE).toFixed(2)} MB`);
    expect(size).toBeLessThanOrEqual(LARGEST[name] ?? MEGABYTE);
  });

  it('has types that need only its dependencies', () => {
    const directory = join(project, 'node_modules', PACKAGES.get(name)!.name);
    const needed = Object.keys(PACKAGES.get(name)!.dependencies ?? {});
    const imported = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.d.ts'))
      .flatMap((file) =>
        Array.from(
          readFileSync(join(directory, file), 'utf8').matchAll(/(?:from|import\() ?'([^.'][^']*)'/g),
        ),
      )
      .map(([, from]) => from!)
      .filter((from) => !from.startsWith('node:'))
      .filter((from) => !needed.some((each) => from === each || from.startsWith(`${each}/`)));
    // the command line contains its stages
    expect(imported.filter((from) => name !== 'cli' || !from.startsWith('@stapflame/'))).toEqual([]);
  });

  it('has an example in its README that runs', async () => {
    const own = examples.filter((each) => each.package === name);
    expect(own.length).toBeGreaterThan(0);
    if (NEED_MORE.has(name)) return;
    for (const { file, text } of own) {
      writeProgram(file, text);
      for (const { name: runtime, command } of installed)
        expect(await run(command, [`${file}.js`]), `${runtime}: ${text}`).toMatchObject({ code: 0 });
    }
  });
});

it('a pipeline of three stages draws a picture, as the README says', async () => {
  const [pipeline] = programsOf(readFileSync(`${ROOT}README.md`, 'utf8'));
  writeProgram('pipeline', pipeline!.text);
  for (const { name, command } of installed) {
    const { code, stdout } = await run(command, ['pipeline.js']);
    expect({ code, isPicture: /^<\?xml[^]*<svg[^]*<\/svg>\s*$/.test(stdout) }, name).toEqual({
      code: 0,
      isPicture: true,
    });
  }
});

it('a dialect of at most 30 lines is read, as docs/dialect.md says', async () => {
  const page = readFileSync(`${ROOT}docs/dialect.md`, 'utf8');
  const [program] = programsOf(page);
  expect(program!.text.trim().split('\n').length).toBeLessThanOrEqual(30);
  writeProgram('dialect', program!.text);
  const input = blocksOf(page).find(({ text }) => text.startsWith('cat > gdb.txt'))!;
  const folded = blocksOf(page).find(({ language }) => language === 'console')!;
  expect(await run(['bash', '-c'], [input.text])).toMatchObject({ code: 0 });
  for (const { name, command } of installed) {
    expect(await run(command, ['dialect.js']), name).toMatchObject({ code: 0 });
    expect(`$ cat gdb.folded\n${readFileSync(join(project, 'gdb.folded'), 'utf8')}`).toBe(folded.text);
  }
});

it('the examples compile in strict TypeScript', () => {
  const pages = ['README.md', 'docs/dialect.md', 'docs/tasks.md'].flatMap((page) =>
    programsOf(readFileSync(ROOT + page, 'utf8')).map(({ text }, i) => ({
      file: `${page.replaceAll('/', '-')}-${i}`,
      text,
    })),
  );
  const files = [...examples, ...pages].map(({ file, text }) => {
    const path = join(project, `${file}.ts`);
    writeFileSync(path, text);
    return path;
  });
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipDefaultLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    typeRoots: [`${ROOT}node_modules/@types`],
    types: ['node'],
  });
  const faults = ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  expect(faults).toEqual([]);
});

it('the command line does what its README says', async () => {
  const commands = blocksOf(readmeOf('cli'))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.trim().replaceAll('\\\n', '').split('\n'))
    .filter((line) => !/^(?:sudo|npm|ssh) /.test(line));
  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const words = ['-o', 'pipefail', '-c', `export PATH="$PWD/node_modules/.bin:$PATH"; ${command}`];
    expect(await run(['bash'], words), command).toMatchObject({ code: 0 });
  }
});

it('the command line runs in every runtime', async () => {
  const main = join(project, 'node_modules/stapflame/bundle/bin/main.js');
  const expected = readFileSync(join(project, 'trace.folded'), 'utf8');
  for (const { name, command } of installed) {
    expect(await run(command, [main, 'fold', '-q', 'trace.txt']), name).toMatchObject({
      code: 0,
      stdout: expected,
    });
    expect(await run(command, [main, 'flame', '-q', 'trace.txt', '-o', `${name}.svg`]), name).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(project, `${name}.svg`))).toBe(true);
  }
});

it('the installed package keeps compiled code, from Node 22.8 on', () => {
  const kept = join(project, 'node_modules/stapflame/compiled');
  const versions = existsSync(kept) ? readdirSync(kept) : [];
  for (const { name, command } of installed) {
    const text = `console.log(process.versions.node, typeof process.getBuiltinModule('module').enableCompileCache)`;
    if (!name.startsWith('node ')) continue;
    const [version, type] = execFileSync(command[0], ['-e', text], { encoding: 'utf8' }).trim().split(' ');
    expect(
      versions.some((each) => each.startsWith(`v${version}-`)),
      name,
    ).toBe(type === 'function');
  }
});

it('an application keeps the language that it has set for its own zod', () => {
  const text = `import '@stapflame/folder'; console.log(JSON.stringify(globalThis.__zod_globalConfig))`;
  expect(
    execFileSync(process.execPath, ['--input-type=module', '-e', text], { cwd: project, encoding: 'utf8' }),
  ).toBe('undefined\n');
});
