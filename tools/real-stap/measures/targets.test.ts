import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { generateScript } from '@stapflame/stap-script';
import {
  foreignPrograms,
  leavesOfPerf,
  leavesOfTrace,
  oneNameOf,
  type Foreign,
} from '../laboratory/foreign.ts';
import {
  boot,
  compile,
  MACHINE,
  prepare,
  scratch,
  versionsOf,
  type Laboratory,
} from '../laboratory/machine.ts';
import { asMarkdown } from '../laboratory/markdown.ts';
import { homogeneity, sum } from '../laboratory/statistics.ts';
import { verdictOn } from '../laboratory/tables.ts';

const SECONDS = 6;
const FREQUENCY = 99;
const LEVEL = 0.01;
const FIRST_PID = 4100;
/** This machine's perf runs with its own libraries. */
const PERF = '/job/perf/ld-linux-x86-64.so.2 --library-path /job/perf /job/perf/perf';

it('samples real programs, each with perf first', async () => {
  execFileSync('bash', [join(MACHINE, 'foreign.sh')], { stdio: 'inherit' });
  const laboratory = prepare();
  const directory = scratch(laboratory);
  const [job, results] = [join(directory, 'job'), join(directory, 'results')];
  for (const part of ['foreign', 'perf']) mkdirSync(join(job, part), { recursive: true });
  const steps: string[] = [];
  const programs: Foreign[] = [];
  for (const [i, program] of foreignPrograms(laboratory).entries()) {
    try {
      steps.push(await step(program, FIRST_PID + 100 * i, laboratory, job));
      programs.push(program);
    } catch (error) {
      console.log(`skipped ${program.name}, because its module does not compile: ${String(error)}`);
    }
  }
  cpSync(join(laboratory.directory, 'foreign'), join(job, 'foreign'), { recursive: true });
  cpSync(join(job, 'foreign/perf'), join(job, 'perf'), { recursive: true });
  writeFileSync(
    join(job, 'run.sh'),
    `mkdir -p /debian${laboratory.directory}
cp -r /job/foreign /debian${laboratory.directory}/
cp -r /job /debian/job
${steps.join('')}`,
  );
  await boot(job, results, { whole: true });
  const read = programs.map((program) => {
    const of = (name: string): string => join(results, program.name, name);
    const oneName = oneNameOf(program);
    const perf = leavesOfPerf(existsSync(of('perf')) ? readFileSync(of('perf'), 'utf8') : '', oneName);
    const trace = leavesOfTrace(of('trace'), program, laboratory, oneName);
    return { program, perf, trace, test: homogeneity(perf, trace) };
  });
  const rows = read.map(({ program, perf, trace, test }) => {
    const [ofPerf, ofTrace] = [sum([...perf.values()]), sum([...trace.values()])];
    const percent = (counts: ReadonlyMap<string, number>, name: string, all: number): string =>
      ((100 * (counts.get(name) ?? 0)) / all).toFixed(1);
    const both = (name: string): string =>
      `${percent(perf, name, ofPerf)}, ${percent(trace, name, ofTrace)} %`;
    const strange = [...trace].filter(([name]) => !perf.has(name));
    return {
      program: program.name,
      'samples: perf, SystemTap': `${ofPerf}, ${ofTrace}`,
      'χ² of the leaves, p': `${test.value.toFixed(1)} of ${test.degrees}, ${test.p.toPrecision(2)}`,
      'in the kernel': both('[kernel]'),
      'without a name': both('[unknown]'),
      'names that perf did not see': `${((100 * sum(strange.map(([, count]) => count))) / ofTrace).toFixed(1)} %`,
    };
  });
  const tests = read.map(({ program, test }) => ({ row: program.name, p: test.p }));
  const verdict = verdictOn('targets', basename(laboratory.directory), tests, LEVEL);
  console.log(`${versionsOf(laboratory)}\n\n${asMarkdown(rows)}\n\n${verdict}`);
  expect(rows.length).toBeGreaterThan(0);
});

/**
 * Returns shell text that starts a program, and samples it with perf and then with SystemTap. perf must not cache files
 * (-N): by build-id, it would find the stripped program's names in a cached copy of the unstripped one.
 */
async function step(
  { name, command, modules, warmUp }: Foreign,
  pid: number,
  laboratory: Laboratory,
  job: string,
): Promise<string> {
  const script = generateScript({ pid, seconds: SECONDS, frequency: FREQUENCY, modules, ldd: true });
  await compile(laboratory, script, job, `foreign_${name}`);
  const size = script.stapArguments[script.stapArguments.indexOf('-s') + 1];
  const out = `/out/${name}`;
  return `echo ${name}; mkdir ${out}
echo ${pid - 1} > /proc/sys/kernel/ns_last_pid
chroot /debian ${command} > ${out}/program 2>&1 &
sleep ${warmUp}
[ -d /proc/${pid} ] || echo 'wrong pid' >&2
chroot /debian ${PERF} record -q -N -e cpu-clock -F ${FREQUENCY} -o /tmp/perf.data -p ${pid} -- sleep ${SECONDS} 2> ${out}/perf.err
chroot /debian staprun -b ${size} -x ${pid} /job/foreign_${name}.ko > ${out}/trace 2> ${out}/messages
chroot /debian ${PERF} script --no-demangle -F ip,sym,dso -i /tmp/perf.data > ${out}/perf 2>> ${out}/perf.err
kill -9 ${pid}
wait
`;
}
