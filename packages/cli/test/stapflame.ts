import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const MAIN: string = fileURLToPath(new URL('../bundle/bin/main.js', import.meta.url));
const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command as a process of its own. */
export async function stapflame(
  words: readonly string[],
  input: string | Uint8Array = '',
  cwd?: string,
): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, ...words], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
  child.stdin.on('error', () => undefined); // it may end before it has read all
  child.stdin.end(input);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...ended) => resolve(ended));
  });
  return { code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** A real trace and what it folds to. */
export interface Case {
  readonly name: string;
  readonly trace: string;
  readonly folded: string;
}

/** The real traces; the folded text of each was compared with a second, independent reading of the grammar. */
export const CASES: readonly Case[] = readdirSync(FIXTURES).map((name) => ({
  name,
  trace: `${FIXTURES}${name}/trace.txt`,
  folded: readFileSync(`${FIXTURES}${name}/folded.txt`, 'utf8'),
}));

export function caseOf(name: string): Case {
  const found = CASES.find((each) => each.name === name);
  if (!found) throw new Error(`there is no fixture ${name}`);
  return found;
}
