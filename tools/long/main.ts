#!/usr/bin/env node
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describeMachine } from '../bench/run/machine.ts';
import { requireGnuTime } from '../bench/run/measure.ts';
import { faultsOf, lineOf } from './load.ts';
import { LOADS } from './loads.ts';

const NAMES = LOADS.map(({ name }) => name);

const program = new Command('long')
  .description('Runs loads of a minute or more, checks their answers and memory, and prints a Markdown table')
  .argument('[loads...]', `some of ${NAMES.join(', ')} (default: all)`)
  .option('--dir <directory>', 'directory for traces and outputs (default: one that is removed at the end)')
  .option(
    '--stapflame <command>',
    'the command, without a subcommand',
    'node packages/cli/bundle/bin/main.js',
  )
  .parse();
const names = program.args;
const { dir, stapflame } = program.opts<{ dir?: string; stapflame: string }>();

const unknown = names.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) program.error(`no load ${unknown.join(', ')}; loads are ${NAMES.join(', ')}`);
requireGnuTime();
const directory = dir ?? mkdtempSync(join(tmpdir(), 'long-'));
mkdirSync(directory, { recursive: true });
const setting = { dir: directory, seed: 1, stapflame: stapflame.split(' ') };

process.stdout.write(`${describeMachine().join('\n')}\n\n`);
process.stdout.write(
  '| load | peak memory | at 20 s, at the end | CPU | time | exit code, and what came |\n',
);
process.stdout.write('|---|--:|--:|--:|--:|---|\n');
try {
  for (const { title, run } of LOADS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const outcome = await run(setting);
    process.stdout.write(`${lineOf(title, outcome)}\n`);
    if (faultsOf(outcome).length > 0) process.exitCode = 1;
  }
} finally {
  if (dir === undefined) rmSync(directory, { recursive: true });
}
