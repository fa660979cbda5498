import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { fold, weightOf } from '../laboratory/fold.ts';
import { boot, prepare } from '../laboratory/machine.ts';
import { wholeJob } from '../laboratory/whole.ts';

const SECONDS = 4;

/** The machine has only the distribution's packages and stapflame. SystemTap compiles there, for that kernel. */
describe('in a machine with the whole distribution, with the commands in the README', () => {
  const files = new Map<string, Buffer>();
  const textOf = (name: string): string => files.get(name)!.toString();

  beforeAll(async () => {
    const laboratory = prepare();
    const { directory, job, results } = wholeJob(laboratory, 'shares');
    writeFileSync(
      join(job, 'run.sh'),
      `cp -r /job /debian/job; mkdir /debian/results
cat > /debian/job/inside.sh << 'END'
cd /results
checksums() { find /usr/share/systemtap -type f -exec sha256sum {} + | sort | sha256sum; }
stapflame() { /job/node /job/stapflame/bundle/bin/main.js "$@"; }
checksums > before
/job/shares & pid=$!
stapflame doctor > doctor 2> doctor.err; echo $? > doctor.code
stapflame record -p $pid -t ${SECONDS} -u --fit -o trace.bt 2> record.err; echo $? > record.code
stapflame flame trace.bt -o flame.svg 2> flame.err; echo $? > flame.code
checksums > after
END
chroot /debian /bin/sh /job/inside.sh
cp -r /debian/results/. /out/
`,
    );
    await boot(job, results, { cpus: 2, whole: true });
    for (const name of [
      'before',
      'after',
      'doctor',
      'record.err',
      'record.code',
      'trace.bt',
      'flame.code',
      'flame.svg',
    ])
      files.set(name, existsSync(join(results, name)) ? readFileSync(join(results, name)) : Buffer.alloc(0));
    rmSync(directory, { recursive: true });
  }, 2 * 3600_000);

  it('samples a process, with a patched copy of SystemTap if the original does not fit the kernel', async () => {
    expect({ code: textOf('record.code'), messages: textOf('record.err') }).toEqual({
      code: '0\n',
      messages: expect.not.stringContaining('ERROR'),
    });
    const stacks = await fold(files.get('trace.bt')!);
    expect(stacks.summary.complete).toBe(true);
    expect(weightOf(stacks, 'heavy_part')).toBeGreaterThan(weightOf(stacks, 'light_part'));
    expect(weightOf(stacks, 'hash_forever')).toBeGreaterThan(stacks.total / 10);
  });

  it('draws the picture', () => {
    expect(textOf('flame.code')).toBe('0\n');
    expect(textOf('flame.svg')).toContain('heavy_part');
  });

  it('leaves the installed SystemTap unchanged', () => {
    expect(textOf('after')).toBe(textOf('before'));
    expect(textOf('before')).not.toBe('');
  });
});
