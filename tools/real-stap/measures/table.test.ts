import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { fold, weightOf, type Folded } from '../laboratory/fold.ts';
import { compileTimed, type CompileTimes } from '../laboratory/compile-timed.ts';
import { EXPECTED, formsOn, SECONDS, type Form } from '../laboratory/forms.ts';
import { prepare, target, versionsOf, type Laboratory } from '../laboratory/machine.ts';
import { asMarkdown } from '../laboratory/markdown.ts';
import { repeatRuns, type Run } from '../laboratory/runs.ts';
import { chiSquare, median, sum, type Counted } from '../laboratory/statistics.ts';
import { verdictOn } from '../laboratory/tables.ts';
import { waitsIn } from '../laboratory/waits.ts';

const TIMES = 10;
const LEVEL = 0.01;
/** With more than one, the machine runs in real time, so that no sampling keeps in step with the program. */
const CPUS = Number(process.env['STAPFLAME_PROCESSORS'] ?? 1);
/** The functions of `known`, and their relative shares. */
const FUNCTIONS = ['six_parts', 'three_parts', 'one_part'];
const SHARES = [0.6, 0.3, 0.1];
/** Lengths of naps in milliseconds. */
const NAPS = [30, 50, 70];

it('fills the table of sampling modes', async () => {
  const laboratory = prepare();
  const forms = formsOn(laboratory);
  const runs = forms.map((form, i) => runOf(form, `form_${i}`, laboratory));
  const times: CompileTimes[] = [];
  for (const run of runs)
    times.push(await compileTimed(laboratory, run.options, target(laboratory, 'known')));
  const outcomes = await repeatRuns(laboratory, runs, { times: TIMES, cpus: CPUS });
  const read = await Promise.all(
    forms.map(async (form, i) => {
      const traces = outcomes.get(`form_${i}`)!;
      const folded = await Promise.all(traces.map(({ trace }) => fold(trace)));
      return { form, folded, traces, compiled: times[i]! };
    }),
  );
  const tests: { row: string; p: number }[] = [];
  const rows = read.map(({ form, folded, traces, compiled }) => {
    const test = form.shares ? chiSquare(folded.map(countsIn)) : undefined;
    if (test) tests.push({ row: form.name, p: test.p });
    return {
      form: form.name,
      complete: `${folded.filter(({ summary }) => summary.complete).length} of ${TIMES}`,
      'hits of expected': form.shares
        ? `${sum(folded.map(({ total }) => total))} of ${EXPECTED * TIMES}`
        : String(sum(folded.map(({ total }) => total))),
      'shares: χ², p': test ? `${test.value.toFixed(1)} of ${test.degrees}, ${test.p.toPrecision(2)}` : '–',
      'median waits, ms':
        form.options.kind === 'off-cpu'
          ? NAPS.map((nap) =>
              median(traces.flatMap(({ trace }) => waitsIn(trace, `nap_${nap}`))).toFixed(2),
            ).join(', ')
          : '–',
      unknown: `${((100 * sum(folded.map((each) => weightOf(each, '[unknown]')))) / sum(folded.map(({ total }) => total))).toFixed(1)} %`,
      'compile, CPU s: cold, warm': `${compiled.cold.toFixed(0)}, ${compiled.warm.toFixed(0)}`,
    };
  });
  const verdict = verdictOn('forms', basename(laboratory.directory), tests, LEVEL);
  console.log(`${versionsOf(laboratory)}, processors: ${CPUS}\n\n${asMarkdown(rows)}\n\n${verdict}`);
  expect(rows.every(({ complete }) => complete === `${TIMES} of ${TIMES}`)).toBe(true);
});

function runOf({ options, words }: Form, name: string, laboratory: Laboratory): Run {
  return {
    name,
    program: 'known',
    options,
    ...(words !== undefined && { words }),
    // sampling the whole system starts no process
    ...(options.system === true && { before: `${target(laboratory, 'known')} ${SECONDS + 3} &` }),
  };
}

function countsIn(stacks: Folded): Counted {
  return { counts: FUNCTIONS.map((name) => weightOf(stacks, name)), shares: SHARES };
}
