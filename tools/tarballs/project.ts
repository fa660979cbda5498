import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '../../testing/cleanup.ts';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** The fields of a package.json that are read here. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The packages of this repository, by the name of their directory. */
export const PACKAGES: ReadonlyMap<string, Manifest> = new Map(
  readdirSync(`${ROOT}packages`).map((name) => [name, readManifest(`${ROOT}packages/${name}`)]),
);

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** Inputs that the READMEs' examples name. */
const INPUTS: Readonly<Record<string, string>> = {
  'trace.txt': 'examples/perl/trace.txt',
  'x.stap': 'examples/perl/trace.txt',
  'trace.bt': 'examples/perl/trace.txt',
  'trace.folded': 'examples/perl/folded.txt',
  'folded.txt': 'examples/perl/folded.txt',
  'before.folded': 'examples/perl/folded.txt',
  'after.folded': 'examples/burn/folded.txt',
  'x.perf.txt': 'packages/perf-parser/test/fixtures/header/trace.txt',
  'x.bpftrace.txt': 'packages/bpftrace-parser/test/fixtures/ustack/trace.txt',
  'x.dtrace.txt': 'packages/dtrace-parser/test/fixtures/stack/trace.txt',
};

/** Packs every package as built, and installs all of them in an empty project with the examples' inputs. */
export function installTarballs(): string {
  const tarballs = packAll();
  const project = temporaryDirectory();
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  npm(project, ['install', '--prefer-offline', ...tarballs]);
  for (const [name, file] of Object.entries(INPUTS)) cpSync(`${ROOT}${file}`, join(project, name));
  return project;
}

/** Packs every package as built; returns the files. */
function packAll(): readonly string[] {
  const packed = temporaryDirectory();
  npm(ROOT, [
    'pack',
    '--ignore-scripts',
    '--pack-destination',
    packed,
    ...[...PACKAGES.keys()].flatMap((name) => ['--workspace', `packages/${name}`]),
  ]);
  return readdirSync(packed).map((name) => join(packed, name));
}

/** Runs npm silently. If it fails, the error contains its log. */
function npm(cwd: string, words: readonly string[]): void {
  execFileSync('npm', [...words, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, stdio: 'pipe' });
}

/** Returns the size in bytes of a package and all of its dependencies, as installed in the project. */
export function installedSize(project: string, name: string, seen: Set<string> = new Set()): number {
  if (seen.has(name)) return 0;
  seen.add(name);
  const directory = join(project, 'node_modules', name);
  const needed = Object.keys(readManifest(directory).dependencies ?? {});
  return needed.reduce((sum, each) => sum + installedSize(project, each, seen), sizeOf(directory));
}

function sizeOf(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(directory, name)))
    .reduce((sum, { size, ...stat }) => sum + (isDirectory(stat.mode) ? 0 : size), 0);
}

function isDirectory(mode: number): boolean {
  return (mode & 0o170000) === 0o040000;
}

/** A program that runs JavaScript. */
export interface Runtime {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** Installs runtimes such as `node 24` or `bun` with npm. By default, returns the Node that runs this. */
export function installRuntimes(names: readonly string[]): readonly Runtime[] {
  if (names.length === 0) return [{ name: `node ${process.versions.node}`, command: [process.execPath] }];
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "private": true }');
  return names.map((name) => {
    const [kind = '', version = 'latest'] = name.split(' ');
    npm(directory, ['install', '--prefer-offline', `${kind}${version}@npm:${kind}@${version}`]);
    const program = binaryOf(join(directory, 'node_modules', `${kind}${version}`), kind);
    return { name, command: kind === 'deno' ? [program, 'run', '--allow-all'] : [program] };
  });
}

function binaryOf(directory: string, kind: string): string {
  const { bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  return join(directory, typeof bin === 'string' ? bin : bin[kind]!);
}
