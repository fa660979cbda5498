import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandServer, type RunCommand } from '../../../testing/command-server.ts';
import { startReading, type Finished } from '../../../testing/processes.ts';

export type { Finished };

export const MAIN: string = fileURLToPath(new URL('../bundle/bin/main.js', import.meta.url));
const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));

/** Runs the built command in a process that is shared by all tests of a file. */
export const stapflame: RunCommand = commandServer(
  fileURLToPath(new URL('../bundle/bin/index.js', import.meta.url)),
);

/** Runs the built command in a separate process, with pipes. */
export const stapflameAlone: RunCommand = (words, input = '', cwd, env = process.env) => {
  const { child, end } = startReading(process.execPath, [MAIN, ...words], { cwd, env });
  child.stdin!.end(input);
  return end;
};

/** A real trace and its folded text. */
export interface Case {
  readonly name: string;
  readonly trace: string;
  readonly folded: string;
}

/** The real traces. Their folded text was checked with a second, independent parser. */
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
