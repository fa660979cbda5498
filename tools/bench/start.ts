import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './run/report.ts';

const COMMAND = 'packages/cli/bundle/bin/main.js';
const TRACE = 'examples/burn/trace.txt';

/** The maximum startup cost, as a ratio to bare Node. */
const MOST = { '--version': 1.5, flame: 2.5 } as const;

/**
 * Measures the startup cost with each of these Node versions in turn, in ms of CPU time: Node with an empty file,
 * `--version`, and drawing a small trace. Prints Markdown.
 */
export function measureStart(nodes: readonly string[], runs: number): void {
  const directory = mkdtempSync(join(tmpdir(), 'stapflame-start-'));
  const empty = join(directory, 'empty.mjs');
  writeFileSync(empty, '');
  const tasks = {
    bare: [empty],
    '--version': [COMMAND, '--version'],
    flame: [COMMAND, 'flame', '-q', TRACE, '-o', join(directory, 'flame.svg')],
  } as const;
  console.log(
    '| Node | bare, ms | --version, ms | ratio | flame, ms | ratio | |\n|---|--:|--:|--:|--:|--:|---|',
  );
  for (const node of nodes) {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    const times = { bare: [] as number[], '--version': [] as number[], flame: [] as number[] };
    // the first round, which saves compiled code for the others, is not counted
    for (let run = -1; run < runs; run++)
      for (const name of ['bare', '--version', 'flame'] as const) {
        const time = cpuTime([node, ...tasks[name]]);
        if (run >= 0) times[name].push(time);
      }
    const bare = median(times.bare);
    const cells = (['--version', 'flame'] as const).map(
      (name) => `${median(times[name]).toFixed(0)} | ${(median(times[name]) / bare).toFixed(2)}`,
    );
    const missed = (['--version', 'flame'] as const).filter(
      (name) => median(times[name]) > MOST[name] * bare,
    );
    const verdict = missed.length === 0 ? 'reached' : `**missed**: ${missed.join(', ')}`;
    console.log(`| ${version} | ${bare.toFixed(0)} | ${cells.join(' | ')} | ${verdict} |`);
  }
  rmSync(directory, { recursive: true });
}

/** Returns a process's user and system time in ms. Bash reports it to the ms; GNU time only in steps of 10 ms. */
function cpuTime(words: readonly string[]): number {
  const script = `TIMEFORMAT='%3U %3S'; time "$@" > /dev/null`;
  const { stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], {
    encoding: 'utf8',
  });
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return (user! + system!) * 1000;
}
