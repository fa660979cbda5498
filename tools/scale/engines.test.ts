import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/cleanup.ts';
import { framedTrace } from '../../testing/many-records.ts';
import { startReading } from '../../testing/processes.ts';
import { installEngines, type Engines } from './python.ts';

const MAIN = fileURLToPath(new URL('../../packages/cli/bundle/bin/main.js', import.meta.url));
const FOLD = fileURLToPath(new URL('../../examples/spark/fold.py', import.meta.url));
const DOCS = fileURLToPath(new URL('../../docs/scale.md', import.meta.url));

let directory: string;
let engines: Engines;
beforeAll(() => {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
  } catch {
    throw new Error('there is no java: apt-get install openjdk-17-jre-headless');
  }
  engines = installEngines();
  directory = temporaryDirectory();
}, 600_000);

function stapflame(...words: string[]): string {
  return execFileSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', cwd: directory });
}

/** A `stapflame` that kills the executor above it, the first time that it is to fold this trace. */
function killer(trace: string): string {
  return `#!/bin/sh
case "$*" in
*${trace})
  if mkdir '${directory}/killed' 2>/dev/null; then
    process=$$
    until grep -q CoarseGrainedExecutorBackend /proc/$process/cmdline; do
      process=$(sed 's/.*) . //; s/ .*//' /proc/$process/stat)
    done
    kill -9 $process
    exit 1
  fi ;;
esac
exec '${process.execPath}' '${MAIN}' "$@"
`;
}

describe('Apache Spark', () => {
  it(
    'folds in executors what one process folds, although one of them is killed',
    { timeout: 900_000 },
    async () => {
      writeFileSync(join(directory, 'trace.bt'), framedTrace(4000));
      stapflame('split', 'trace.bt', '-n', '6', '-o', 'part');
      const whole = stapflame('fold', '-q', '--plain', 'trace.bt');
      writeFileSync(join(directory, 'stapflame'), killer('part.4'));
      chmodSync(join(directory, 'stapflame'), 0o755);
      const submit = join(engines.spark, 'bin/spark-submit');
      const parts = [1, 2, 3, 4, 5, 6].map((part) => `part.${part}`);
      const { code, stderr } = await startReading(
        submit,
        [
          '--master',
          'local-cluster[2,1,512]',
          '--conf',
          'spark.executor.memory=512m',
          FOLD,
          'spark.folded',
          ...parts,
        ],
        {
          cwd: directory,
          env: {
            ...process.env,
            PATH: `${directory}:${process.env['PATH']}`,
            PYSPARK_PYTHON: engines.python,
            SPARK_HOME: engines.spark,
            SPARK_LOCAL_IP: '127.0.0.1',
            // the launcher cannot find it out: there is no build of Spark around the package
            SPARK_SCALA_VERSION: '2.12',
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      ).end;
      expect(code, stderr.slice(-4000)).toBe(0);
      expect(existsSync(join(directory, 'killed'))).toBe(true);
      expect(stderr).toMatch(/Lost executor \d/);
      expect(readFileSync(join(directory, 'spark.folded'), 'utf8')).toBe(whole);
    },
  );
});

const RUN = `
import duckdb, json, sys
statements = [each for each in sys.stdin.read().split(';\\n') if each.strip()]
connection = duckdb.connect()
print(json.dumps([connection.execute(each).fetchall() for each in statements], default=int))
`;

describe('DuckDB', () => {
  it('answers the queries of docs/scale.md as merge, diff and top do', () => {
    const [a, b] = ['web1', 'web2'].map((host, i) => {
      const trace = framedTrace(900 + i * 250)
        .replaceAll('web1', host)
        .replaceAll('leaf7', `leaf7${host}`);
      writeFileSync(join(directory, `${host}.bt`), trace);
      stapflame('fold', '-q', `${host}.bt`, '-o', `${host}.tsv`);
      stapflame('fold', '-q', `${host}.bt`, '-o', `${host}.folded`);
      return `${host}.folded`;
    }) as [string, string];
    const [, sql] = /```sql\n(CREATE VIEW[^`]*)```/.exec(readFileSync(DOCS, 'utf8'))!;
    const answer = execFileSync(engines.python, ['-c', RUN], {
      input: sql!,
      encoding: 'utf8',
      cwd: directory,
    });
    const [, merged, compared, top] = JSON.parse(answer) as (string | number | null)[][][];
    const text = (rows: (string | number | null)[][]): string[] =>
      rows.map((row) => row.join(' ')).toSorted();
    const lines = (output: string): string[] =>
      output
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .toSorted();
    expect(text(merged!)).toEqual(lines(stapflame('merge', '-q', '--plain', a, b)));
    const names = ['--no-merge-clones', '--no-demangle', '--plain', '-q'];
    expect(text(compared!)).toEqual(
      lines(stapflame('diff', a, b, '--no-normalize', '--output-format', 'folded', ...names)),
    );
    stapflame('merge', '-q', a, b, '-o', 'both.folded');
    const { rows } = JSON.parse(stapflame('top', 'both.folded', '--json', '--limit', '0', '-q')) as {
      rows: { name: string; self: { weight: number }; total: { weight: number } }[];
    };
    const ours = rows.map(({ name, self, total }) => [name, self.weight, total.weight]);
    expect(text(top!.map(([name, self, total]) => [name!, self ?? 0, total!]))).toEqual(text(ours));
  });
});
