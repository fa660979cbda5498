import { beforeAll, describe, expect, it } from 'vitest';
import { fold, weightOf, type Folded } from '../laboratory/fold.ts';
import { prepare, target, type Laboratory } from '../laboratory/machine.ts';
import { doRuns, type Outcome, type Run } from '../laboratory/runs.ts';

const SECONDS = 3;
/** Returns shell text that waits until a run has delivered some samples of the working thread. */
const sampled = (name: string): string =>
  `until [ "$(grep -c heavy_part /out/${name}/stdout)" -gt 20 ]; do sleep 0.1; done`;
/** Each program gets the process ID that its script names. */
const runsOn = (laboratory: Laboratory): readonly Run[] => [
  { name: 'user', program: 'shares', options: { pid: 4100, seconds: SECONDS, user: true } },
  { name: 'kernel', program: 'shares', options: { pid: 4200, seconds: SECONDS, kernel: true } },
  { name: 'both', program: 'shares', options: { pid: 4300, seconds: SECONDS, root: 'thread' } },
  { name: 'aggregate', program: 'shares', options: { pid: 4400, seconds: SECONDS, mode: 'aggregate' } },
  {
    name: 'many',
    program: 'known',
    words: '60',
    options: { pid: 4450, seconds: SECONDS, user: true, mode: 'aggregate' },
  },
  { name: 'waiting', program: 'shares', options: { pid: 4500, seconds: SECONDS, kind: 'off-cpu' } },
  {
    name: 'longest',
    program: 'sleepers',
    options: { pid: 4550, seconds: SECONDS, kind: 'off-cpu', mode: 'aggregate', limit: 2 },
  },
  { name: 'idle', program: 'idle', options: { pid: 4600, seconds: SECONDS } },
  { name: 'brief', program: 'brief', options: { pid: 4700, seconds: 30, user: true } },
  {
    name: 'interrupted',
    program: 'shares',
    options: { pid: 4800, seconds: 30, user: true },
    beside: `${sampled('interrupted')}; kill -INT $staprun`,
  },
  {
    name: 'killed',
    program: 'shares',
    options: { pid: 4830, seconds: 30, user: true },
    // the module continues without its loader, until it is unloaded
    beside: `${sampled('killed')}; cat /proc/modules > /out/killed/modules; kill -9 $staprun; sleep 1
echo killed >> /out/killed/modules; cat /proc/modules >> /out/killed/modules; staprun -d run_killed
echo unloaded >> /out/killed/modules; cat /proc/modules >> /out/killed/modules`,
  },
  { name: 'command', program: 'brief', options: { command: target(laboratory, 'brief'), user: true } },
  {
    name: 'container',
    program: 'shares',
    container: '/srv/app',
    options: { pid: 4850, seconds: SECONDS, user: true },
  },
  { name: 'tree', program: 'family', options: { pid: 4900, seconds: SECONDS, user: true, tree: true } },
  {
    name: 'overflow',
    program: 'shares',
    options: {
      pid: 5000,
      seconds: SECONDS,
      user: true,
      mode: 'aggregate',
      stapArguments: ['-DMAXMAPENTRIES=1'],
    },
  },
];

describe('in an emulated machine', () => {
  let outcomes: ReadonlyMap<string, Outcome>;
  const of = (name: string): Outcome => outcomes.get(name)!;
  const folded = (name: string): Promise<Folded> => fold(of(name).trace);
  beforeAll(async () => {
    const laboratory = prepare();
    outcomes = await doRuns(laboratory, runsOn(laboratory));
  });

  it.each(['user', 'kernel', 'both'])(
    '%s stacks arrive complete, with every hit accounted for',
    async (name) => {
      const { summary, total, svg } = await folded(name);
      expect(of(name).exitCode).toBe(0);
      expect(summary.complete).toBe(true);
      // other processes also use the only CPU
      expect(total).toBeGreaterThan(name === 'kernel' ? SECONDS * 20 : SECONDS * 60);
      expect(total).toBeLessThanOrEqual(SECONDS * 99 + 2);
      expect(svg).toContain('</svg>');
    },
  );

  it('shows two functions that run 2:1 in that proportion', async () => {
    const stacks = await folded('user');
    const heavy = weightOf(stacks, 'heavy_part');
    const light = weightOf(stacks, 'light_part');
    const share = heavy / (heavy + light);
    // four standard deviations of a binomial share
    expect(Math.abs(share - 2 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / (heavy + light)));
  });

  it('names every frame of the program, from its thread to its leaf', async () => {
    const stacks = await folded('user');
    expect(
      stacks.stacks.some(({ frames }) => frames[0] === 'hasher' && frames.includes('hash_forever')),
    ).toBe(true);
    expect(weightOf(stacks, '[unknown]')).toBeLessThan(stacks.total / 20);
  });

  it('names the functions of a program whose path exists only in a container', async () => {
    const stacks = await folded('container');
    expect(stacks.summary.complete).toBe(true);
    expect(weightOf(stacks, 'heavy_part')).toBeGreaterThan(weightOf(stacks, 'light_part'));
    expect(of('container').trace.toString()).toContain('[/srv/app/shares]');
  });

  it('puts kernel frames on top of the user frames that led there', async () => {
    const { stacks } = await folded('both');
    const reading = stacks.filter(({ frames }) => frames.includes('read_zero'));
    expect(reading.length).toBeGreaterThan(0);
    for (const { frames } of reading) {
      expect(frames[0]).toMatch(/^reader\/\d+$/);
      expect(frames.indexOf('read_zeroes')).toBeLessThan(frames.indexOf('vfs_read'));
    }
  });

  it("symbolises stacks that were counted in the kernel, in the target's context", async () => {
    const stacks = await folded('aggregate');
    expect(of('aggregate').exitCode).toBe(0);
    expect(weightOf(stacks, 'heavy_part')).toBeGreaterThan(weightOf(stacks, 'light_part'));
    expect(weightOf(stacks, 'read_zero')).toBeGreaterThan(0);
  });

  it('delivers all counts from the kernel, even more than SystemTap passes on in one piece', async () => {
    expect(of('many').trace.length).toBeGreaterThan(8192);
    expect(of('many').messages).not.toContain('transport failures');
    expect((await folded('many')).summary.complete).toBe(true);
  });

  it('shows waits with their length, and the thread that is still waiting', async () => {
    const stacks = await folded('waiting');
    expect(stacks.summary.complete).toBe(true);
    expect(weightOf(stacks, '[still waiting]')).toBeGreaterThan(0);
    const naps = weightOf(stacks, 'take_naps');
    // naps of 20 ms, one after the other, nearly fill the time
    expect(naps).toBeGreaterThan(SECONDS * 1e6 * 0.5);
    expect(naps).toBeLessThan(SECONDS * 1e6 * 1.3);
    expect(weightOf(stacks, 'heavy_part')).toBeLessThan(naps / 20);
  });

  it('measures naps of 20 ms to within 1 %, if no other thread holds the CPU when they end', () => {
    const waits = of('waiting')
      .trace.toString()
      .split(/^#< /m)
      .filter((record) => record.includes('take_naps'))
      .map((record) => Number(/^\t(\d+)$/m.exec(record)![1]))
      .sort((a, b) => a - b);
    expect(waits.length).toBeGreaterThan(SECONDS * 20);
    // longer waits include waiting for the CPU
    const tenth = waits[Math.floor(waits.length / 10)]!;
    expect(Math.abs(tenth / 20_000 - 1)).toBeLessThan(0.01);
  });

  it('puts threads that are still waiting under their root frame, with their kernel stack and at most the run time', async () => {
    const { stacks } = await folded('waiting');
    const sleeping = stacks.filter(({ frames }) => frames[0] === 'sleeper');
    expect(sleeping).toMatchObject([
      { frames: expect.arrayContaining(['[still waiting]', 'pipe_read', 'schedule']) },
    ]);
    expect(sleeping[0]!.weight).toBeGreaterThan(SECONDS * 1e6 * 0.98);
    expect(sleeping[0]!.weight).toBeLessThanOrEqual(SECONDS * 1e6);
  });

  it('adds up waits by stack in the kernel, longest first, with the names of user frames', async () => {
    const stacks = await folded('longest');
    expect(stacks.summary.complete).toBe(true);
    const [long, short] = [weightOf(stacks, 'long_nap'), weightOf(stacks, 'short_nap')];
    expect(long + short).toBeGreaterThan(SECONDS * 1e6 * 0.5);
    expect(long / short).toBeGreaterThan(1.6);
    expect(long / short).toBeLessThan(2.4);
    const trace = of('longest').trace.toString();
    expect(trace.indexOf('long_nap')).toBeLessThan(trace.indexOf('short_nap'));
    expect(trace).toContain('unit=us limit=2');
  });

  it('ends in time on an idle target, and reports no hits', async () => {
    expect(of('idle').trace.toString()).toContain('# stapflame end hits=0');
    expect(of('idle').seconds).toBeLessThan(SECONDS + 3);
  });

  it.each(['brief', 'command'])('ends with the target: %s', async (name) => {
    const stacks = await folded(name);
    expect(of(name).seconds).toBeLessThan(10);
    expect(stacks.summary.complete).toBe(true);
    expect(weightOf(stacks, 'work_a_while')).toBeGreaterThan(stacks.total * 0.8);
  });

  it('leaves an unused module behind when its staprun is killed, and staprun -d unloads it', () => {
    const [before, killed, after] = of('killed').modules!.split(/^(?:killed|unloaded)$/m);
    const holders = (modules: string): string | undefined => /^run_killed \d+ (\d+) /m.exec(modules)?.[1];
    expect(Number(holders(before!))).toBeGreaterThan(0);
    expect(holders(killed!)).toBe('0');
    expect(holders(after!)).toBeUndefined();
  });
  it('is complete after Ctrl-C', async () => {
    const stacks = await folded('interrupted');
    expect(of('interrupted').exitCode).toBe(0);
    expect(of('interrupted').seconds).toBeLessThan(10);
    expect(stacks.summary.complete).toBe(true);
    expect(weightOf(stacks, 'heavy_part')).toBeGreaterThan(10);
  });

  it('samples the children of a process tree', async () => {
    expect(weightOf(await folded('tree'), 'child_work')).toBeGreaterThan(SECONDS * 50);
  });

  it('reports that a table overflowed, and that the trace is incomplete', async () => {
    expect(of('overflow').messages).toMatch(/Array overflow/);
    expect((await folded('overflow')).summary.complete).toBe(false);
  });
});
