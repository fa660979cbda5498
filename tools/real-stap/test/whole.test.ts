import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { fold, weightOf, type Folded } from '../laboratory/fold.ts';
import { boot, prepare, scratch, target, versionsOf } from '../laboratory/machine.ts';
import { asMarkdown } from '../laboratory/markdown.ts';
import { chiSquare } from '../laboratory/statistics.ts';

const COMMAND = fileURLToPath(new URL('../../../packages/cli', import.meta.url));
const SECONDS = 4;
/** A thread of `known` works in them, in these shares. */
const SHARES = { six_parts: 0.6, three_parts: 0.3, one_part: 0.1 };
/** What chance alone brings once in ten thousand runs. */
const LEAST_P = 1e-4;

/** A form of sampling, as typed. */
interface Form {
  readonly name: string;
  readonly words: string;
  /** Arguments of `known`, which runs beside and whose process number is $pid. @defaultValue it is not started */
  readonly program?: string;
  /** It has user stacks of a thread with known shares. */
  readonly shares: boolean;
  /** Functions that it must find. */
  readonly finds: readonly string[];
}

const ALL_FORMS: readonly Form[] = [
  { name: 'user', words: '-p $pid -u', program: '', shares: true, finds: [] },
  { name: 'kernel', words: '-p $pid -k', program: '', shares: false, finds: ['read_zero'] },
  { name: 'both', words: '-p $pid', program: '', shares: true, finds: ['read_zero'] },
  {
    name: 'off-CPU',
    words: '-p $pid --kind off-cpu',
    program: 'naps',
    shares: false,
    finds: ['nap_30', 'nap_50', 'nap_70'],
  },
  { name: '-l', words: '-p $pid -u -l 100', program: '', shares: true, finds: [] },
  { name: '--tree', words: '-p $pid -u --tree', program: 'child', shares: true, finds: [] },
  { name: '--system', words: '--system -u', program: '', shares: true, finds: [] },
  { name: '-c', words: `-c '/job/known ${SECONDS + 2}' -u`, shares: true, finds: [] },
];
/** `all` or names. Each takes minutes: a compiler is slow in an emulated machine. */
const CHOSEN = (process.env['STAPFLAME_FORMS'] ?? 'user').split(',');
const FORMS = ALL_FORMS.filter(({ name }) => CHOSEN.includes(name) || CHOSEN.includes('all'));

/** Only the packages and stapflame: SystemTap compiles in the machine, for the machine's own kernel. */
describe('in a machine with the whole distribution, with the commands in the README', () => {
  let read: (name: string) => Buffer;
  const textOf = (name: string): string => read(name).toString();

  beforeAll(async () => {
    const laboratory = prepare();
    const directory = scratch(laboratory);
    const [job, results] = [join(directory, 'job'), join(directory, 'results')];
    mkdirSync(job);
    copyFileSync(process.execPath, join(job, 'node'));
    for (const part of ['package.json', 'bundle'])
      cpSync(join(COMMAND, part), join(job, 'stapflame', part), { recursive: true });
    copyFileSync(target(laboratory, 'known'), join(job, 'known'));
    writeFileSync(
      join(job, 'run.sh'),
      `cp -r /job /debian/job; mkdir /debian/results
cat > /debian/job/inside.sh << 'END'
cd /results
checksums() { find /usr/share/systemtap -type f -exec sha256sum {} + | sort | sha256sum; }
stapflame() { /job/node /job/stapflame/bundle/bin/main.js "$@"; }
checksums > before
stapflame doctor > doctor 2> doctor.err; echo $? > doctor.code
# Debian keeps the names of the kernel's functions in a package of their own; this is what doctor and record say instead
cp /proc/kallsyms "/boot/System.map-$(uname -r)"
${FORMS.map(step).join('')}checksums > after
END
chroot /debian /bin/sh /job/inside.sh
cp -r /debian/results/. /out/
`,
    );
    await boot(job, results, { cpus: 2, whole: true });
    const files = new Map<string, Buffer>();
    read = (name) => {
      const path = join(results, name);
      if (!files.has(name)) files.set(name, existsSync(path) ? readFileSync(path) : Buffer.alloc(0));
      return files.get(name)!;
    };
    console.log(await tableOf(read, versionsOf(laboratory)));
  }, 6 * 3600_000);

  it.each(FORMS)('$name: samples, with a patched copy of SystemTap if it does not fit', async (form) => {
    expect({ code: textOf(`${form.name}.code`), messages: textOf(`${form.name}.err`) }).toEqual({
      code: '0\n',
      messages: expect.not.stringContaining('ERROR'),
    });
    const stacks = await fold(read(`${form.name}.bt`));
    expect(stacks.summary.complete).toBe(true);
    if (form.shares) expect(shares(stacks).p).toBeGreaterThan(LEAST_P);
    for (const name of form.finds)
      expect({ name, found: weightOf(stacks, name) > 0 }).toEqual({ name, found: true });
  });

  it.each(FORMS)('$name: draws the picture', ({ name, finds }) => {
    expect(textOf(`${name}.flame.code`)).toBe('0\n');
    for (const found of finds.length > 0 ? finds : Object.keys(SHARES))
      expect(textOf(`${name}.svg`)).toContain(found);
  });

  it('leaves the installed SystemTap unchanged', () => {
    expect(textOf('after')).toBe(textOf('before'));
    expect(textOf('before')).not.toBe('');
  });
});

/** Shell text that records and draws in one form, and keeps how long recording took. */
function step({ name, words, program }: Form): string {
  const start = program === undefined ? '' : `/job/known 100000 ${program} & pid=$!\n`;
  const end = program === undefined ? '' : 'kill $pid; wait\n';
  return `${start}echo ${name} > /dev/console
cut -d' ' -f1 /proc/uptime > ./${name}.start
stapflame record ${words} -t ${SECONDS} --fit -o ./${name}.bt 2> ./${name}.err; echo $? > ./${name}.code
cut -d' ' -f1 /proc/uptime > ./${name}.end
stapflame flame ./${name}.bt -o ./${name}.svg 2> ./${name}.flame.err; echo $? > ./${name}.flame.code
${end}`;
}

function shares(stacks: Folded): ReturnType<typeof chiSquare> {
  return chiSquare([
    { counts: Object.keys(SHARES).map((name) => weightOf(stacks, name)), shares: Object.values(SHARES) },
  ]);
}

/** What was sampled in each form, and how long it took with its compile. */
async function tableOf(read: (name: string) => Buffer, versions: string): Promise<string> {
  const number = (name: string): number => Number(read(name).toString());
  const rows = await Promise.all(
    FORMS.map(async ({ name, ...form }) => {
      const stacks = await fold(read(`${name}.bt`));
      const { value, degrees, p } = shares(stacks);
      return {
        form: name,
        'exit code': read(`${name}.code`).toString().trim(),
        complete: String(stacks.summary.complete),
        weight: stacks.total,
        'shares: χ², p': form.shares ? `${value.toFixed(1)} of ${degrees}, ${p.toPrecision(2)}` : '–',
        unknown: `${((100 * weightOf(stacks, '[unknown]')) / stacks.total).toFixed(1)} %`,
        'seconds of record': (number(`${name}.end`) - number(`${name}.start`)).toFixed(0),
      };
    }),
  );
  return `${versions}\n\n${asMarkdown(rows)}`;
}
