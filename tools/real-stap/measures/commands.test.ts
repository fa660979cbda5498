import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fold, weightOf } from '../laboratory/fold.ts';
import { SECONDS } from '../laboratory/forms.ts';
import { boot, prepare, versionsOf } from '../laboratory/machine.ts';
import { asMarkdown } from '../laboratory/markdown.ts';
import { chiSquare, median } from '../laboratory/statistics.ts';
import { waitsIn } from '../laboratory/waits.ts';
import { wholeJob } from '../laboratory/whole.ts';

/** Words of `record` for each mode, and the arguments with which the program `known` starts before it. */
const FORMS: readonly { readonly name: string; readonly words: string; readonly program?: string }[] = [
  { name: 'user', words: '-p $pid -u', program: '' },
  { name: 'kernel', words: '-p $pid -k', program: '' },
  { name: 'both', words: '-p $pid', program: '' },
  { name: 'off-CPU', words: '-p $pid --kind off-cpu', program: 'naps' },
  { name: '-l', words: '-p $pid -u -l 100', program: '' },
  { name: '--tree', words: '-p $pid -u --tree', program: 'child' },
  { name: '--system', words: '--system -u', program: '' },
  { name: '-c', words: `-u -c '/job/known ${SECONDS + 2}'` },
];

/** The functions of `known`, and their shares. */
const FUNCTIONS = ['six_parts', 'three_parts', 'one_part'];
const SHARES = [0.6, 0.3, 0.1];

/**
 * Shell code for one mode. The program yields to the compiler (`nice`), which would otherwise get only half of the
 * processor.
 */
const formOf = ({ name, words, program }: (typeof FORMS)[number], into: string): string => `
echo '${name}'; mkdir ${into}; cd ${into}
${program === undefined ? '' : `nice -n 19 /job/known 100000 ${program} & pid=$!`}
since=$(cut -d. -f1 /proc/uptime)
stapflame record ${words} -t ${SECONDS} --fit -o trace.bt 2> record.err; echo $? > record.code
echo $(($(cut -d. -f1 /proc/uptime) - since)) > seconds
stapflame flame trace.bt -o flame.svg 2> flame.err; echo $? > flame.code
${program === undefined ? '' : 'kill -9 $pid; wait $pid'}
cd ..
`;

it(
  'records and draws in each mode, inside the machine, with the commands of the README alone',
  async () => {
    const laboratory = prepare();
    const { job, results } = wholeJob(laboratory, 'known');
    writeFileSync(
      join(job, 'inside.sh'),
      `cd /results
checksums() { find /usr/share/systemtap -type f -exec sha256sum {} + | sort | sha256sum; }
stapflame() { /job/node /job/stapflame/bundle/bin/main.js "$@"; }
checksums > before
stapflame doctor > doctor 2> doctor.err; echo $? > doctor.code
${FORMS.map((form, i) => formOf(form, `form_${i}`)).join('')}
checksums > after
`,
    );
    writeFileSync(
      join(job, 'run.sh'),
      'cp -r /job /debian/job; mkdir /debian/results; chroot /debian /bin/sh /job/inside.sh; cp -r /debian/results/. /out/\n',
    );
    await boot(job, results, { whole: true });
    const read = (file: string): Buffer =>
      existsSync(join(results, file)) ? readFileSync(join(results, file)) : Buffer.alloc(0);
    const textOf = (file: string): string => read(file).toString().trim();

    const rows = await Promise.all(
      FORMS.map(async ({ name }, i) => {
        const of = (file: string): string => `form_${i}/${file}`;
        const trace = read(of('trace.bt'));
        const folded = await fold(trace);
        const counts = FUNCTIONS.map((each) => weightOf(folded, each));
        const shares =
          name === 'off-CPU' || name === 'kernel' ? undefined : chiSquare([{ counts, shares: SHARES }]);
        const waits = [30, 50, 70].map((nap) => median(waitsIn(trace, `nap_${nap}`)).toFixed(2)).join(', ');
        const row = {
          form: name,
          'exit codes of record, flame': `${textOf(of('record.code'))}, ${textOf(of('flame.code'))}`,
          complete: folded.summary.complete ? 'yes' : 'no',
          weight: folded.total,
          'shares: χ², p': shares
            ? `${shares.value.toFixed(1)} of ${shares.degrees}, ${shares.p.toPrecision(2)}`
            : '–',
          'median waits, ms': name === 'off-CPU' ? waits : '–',
          'seconds in the machine': textOf(of('seconds')),
        };
        return { row, messages: textOf(of('record.err')) };
      }),
    );
    for (const { row, messages } of rows) console.log(`${row.form}:\n${messages}\n`);
    console.log(`${textOf('doctor')}\n`);
    console.log(`${versionsOf(laboratory)}\n\n${asMarkdown(rows.map(({ row }) => row))}`);
    expect(textOf('after')).toBe(textOf('before'));
    expect(textOf('before')).not.toBe('');
    for (const { row, messages } of rows) {
      expect(row, messages).toMatchObject({ 'exit codes of record, flame': '0, 0', complete: 'yes' });
    }
  },
  4 * 3600_000,
);
