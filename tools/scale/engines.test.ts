import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/cleanup.ts';
import { framedTrace } from '../../testing/many-records.ts';
import { startReading } from '../../testing/processes.ts';
import { installEngines, type Engines } from './python.ts';
import { foldTwoHosts, MAIN } from './two-hosts.ts';

const FOLD = fileURLToPath(new URL('../../examples/spark/fold.py', import.meta.url));
const DOCS = fileURLToPath(new URL('../../docs/scale.md', import.meta.url));
/** Prints the rows of a query with one column. */
const QUERY = 'import chdb, sys; print(str(chdb.query(sys.stdin.read(), "TabSeparated")), end="")';

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
}, 3_600_000);

function stapflame(...words: string[]): string {
  return execFileSync(process.execPath, [MAIN, ...words], { encoding: 'utf8', cwd: directory });
}

/** Returns a `stapflame` script that kills its executor the first time that it is asked to fold this trace. */
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
    'folds the same in executors as in one process, even if an executor is killed',
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
            // the launcher cannot detect the Scala version, because the package is not inside a build of Spark
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

it('ClickHouse, as chDB, writes the folded text of all hosts with the query of docs/scale.md', () => {
  const home = temporaryDirectory();
  const files = foldTwoHosts(home);
  const [, sql] = /```sql\n(SELECT arrayJoin[^`]*)```/.exec(readFileSync(DOCS, 'utf8'))!;
  const answer = execFileSync(engines.python, ['-c', QUERY], { input: sql!, encoding: 'utf8', cwd: home });
  const merged = execFileSync(process.execPath, [MAIN, 'merge', '-q', '--plain', ...files], {
    encoding: 'utf8',
    cwd: home,
  });
  expect(answer.trim().split('\n').toSorted()).toEqual(merged.trim().split('\n').toSorted());
});
