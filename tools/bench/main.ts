#!/usr/bin/env node
import { closeSync, openSync, renameSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { KINDS, type Kind } from './generate/kinds.ts';
import { writeTrace } from './generate/write.ts';
import { runBenchmark } from './run/benchmark.ts';
import { LONG_ROWS, ROWS, type Row } from './run/rows.ts';
import { parseSize } from './sizes.ts';
import { measureStart } from './start.ts';

const program = new Command('bench').description(
  'Generates SystemTap traces, and measures the cost of folding them',
);

interface GenerateOptions {
  readonly size: number;
  readonly seed: number;
  readonly chunk: number;
  readonly out?: string;
  readonly alone?: true;
}

program
  .command('generate')
  .description('write a trace to a file or to stdout; facts about it go to stderr as JSON')
  .argument('<kind>', `one of ${KINDS.join(', ')}`, parseKind)
  .option('--size <size>', 'maximum size, such as 64MiB', parseSize, 2 ** 30)
  .option('--seed <n>', 'the same seed gives the same bytes', parseCount, 1)
  .option('--chunk <size>', 'maximum bytes per write', parseSize, 2 ** 20)
  .option('--alone', 'no complete records around a hostile one')
  .option('--out <file>', 'a file instead of stdout')
  .action((kind: Kind, { size, seed, chunk, out, alone }: GenerateOptions) => {
    const spec = { kind, size, seed, company: alone ? 'none' : 'records' } as const;
    const fd = out === undefined ? 1 : openSync(`${out}.part`, 'w');
    const facts = writeTrace(spec, fd, chunk);
    if (out !== undefined) {
      closeSync(fd);
      renameSync(`${out}.part`, out);
    }
    if (facts) process.stderr.write(`${JSON.stringify(facts)}\n`);
  });

program
  .command('run')
  .description('measure rows, each program in turn, and write a Markdown section to stdout')
  .argument(
    '[rows...]',
    `some of ${namesOf(ROWS)} (default: all of these). Rows of more than a minute: ${namesOf(LONG_ROWS)}`,
  )
  .requiredOption('--dir <directory>', 'directory for traces and outputs; existing traces are reused')
  .option('--size <size>', 'size of the traces', parseSize, 2 ** 30)
  .option('--big <size>', 'size of the trace that is made on the fly', parseSize, 10 * 2 ** 30)
  .option('--seed <n>', 'seed of the traces', parseCount, 1)
  .option('--runs <n>', 'runs of each program; the median counts', parseCount, 3)
  .option(
    '--ours <command>',
    'our folder; a file name is appended',
    'node packages/cli/bundle/bin/main.js fold --jobs 1',
  )
  .option('--perl <script>', 'stackcollapse-stap.pl of FlameGraph')
  .addOption(
    new Option('--peer <name=command>', 'another folder of stap text; a file name is appended; repeatable')
      .argParser(collect)
      .default([]),
  )
  .action(runBenchmark);

program
  .command('start')
  .description(
    'measure the cost of starting, compared with a bare Node, and write a Markdown table to stdout',
  )
  .option(
    '--node <path>',
    'a Node to measure with; repeatable (default: the one that runs this)',
    collectPath,
  )
  .option('--runs <n>', 'runs of each program; the median counts', parseCount, 9)
  .action(
    ({ node = [process.execPath], runs }: { readonly node?: readonly string[]; readonly runs: number }) =>
      measureStart(node, runs),
  );

await program.parseAsync();

function namesOf(rows: readonly Row[]): string {
  return rows.map((row) => row.name).join(', ');
}

function parseKind(text: string): Kind {
  const kind = KINDS.find((known) => known === text);
  if (!kind) throw new InvalidArgumentError(`expected one of ${KINDS.join(', ')}`);
  return kind;
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`expected a whole number, got ${text}`);
  return Number(text);
}

function collectPath(path: string, before: readonly string[] = []): readonly string[] {
  return [...before, path];
}

function collect(text: string, before: readonly string[]): readonly string[] {
  if (!/^[^=]+=./.test(text)) throw new InvalidArgumentError('expected NAME=COMMAND');
  return [...before, text];
}
