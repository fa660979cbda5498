import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { caseOf, stapflame } from './stapflame.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'viewers-test-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Real traces with kernel and user stacks, C++ and Rust, off-CPU time, damaged records and cut stacks. */
const CASES = ['burn-uk_g', 'programs-node', 'programs-rust', 'burn-offtp_g', 'endings-many_ctx', 'smp-deep'];

/** The weight of each folded stack, `root;…;leaf`. */
type Sums = Readonly<Record<string, number>>;

function sumsOf(stacks: Iterable<readonly [stack: string, weight: number]>): Sums {
  const sums: Record<string, number> = {};
  for (const [stack, weight] of stacks) sums[stack] = (sums[stack] ?? 0) + weight;
  return sums;
}

/** Returns the weight of each stack in folded text. */
function foldedSums(folded: string): Sums {
  const lines = folded.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return sumsOf(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** Reads a profile. For each stack, adds up the first values of its samples. */
function readPprof(file: string): { sums: Sums; types: string[]; comments: string[]; profile: Profile } {
  const profile = Profile.decode(gunzipSync(readFileSync(file)));
  const text = (index: number | bigint): string => profile.stringTable.strings[Number(index)]!;
  const names = new Map(profile.function.map(({ id, name }) => [id, text(name)]));
  const lines = new Map(
    profile.location.map(({ id, line }) => [id, line.map((each) => names.get(each.functionId)!)]),
  );
  const sums = sumsOf(
    profile.sample.map(({ locationId, value }) => [
      locationId
        .flatMap((id) => lines.get(id)!)
        .toReversed()
        .join(';'),
      Number(value[0]),
    ]),
  );
  const types = profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`);
  return { sums, types, comments: profile.comment.map(text), profile };
}

describe('pprof', () => {
  it.each(CASES)(
    'is written if the file name has its extension, with the same stacks as folded text: %s',
    async (name) => {
      const { trace, folded } = caseOf(name);
      const file = join(directory, 'profile.pb.gz');
      const { code } = await stapflame(['fold', '-q', '-o', file, trace]);
      expect([0, 75]).toContain(code);
      expect(readPprof(file).sums).toEqual(foldedSums(folded));
      expect(readdirSync(directory)).toEqual(['profile.pb.gz']);
    },
  );

  it('contains addresses, modules and the requested labels', async () => {
    const { trace } = caseOf('burn-uk_g');
    const file = join(directory, 'x.pprof');
    await stapflame(['flame', '-q', '--label-kernel', '-o', file, trace]);
    const { profile, sums } = readPprof(file);
    const modules = profile.mapping.map(({ filename }) => profile.stringTable.strings[Number(filename)]);
    expect(modules).toContain('/opt/demo/bin/burn-g');
    expect(profile.location.map(({ address }) => BigInt(address))).toContain(0x55dfcfa2d43dn);
    expect(Object.keys(sums).some((stack) => stack.endsWith(';clear_user_erms_[k]'))).toBe(true);
  });

  it('contains times for off-CPU traces, and CPU times in addition to samples if the period is known', async () => {
    const off = join(directory, 'off.pb.gz');
    await stapflame(['render', '-q', '-o', off], '# stapflame unit=us\nmain;wait 1500\n');
    expect(readPprof(off).types).toEqual(['off-cpu/microseconds']);
    const on = join(directory, 'on.pb.gz');
    await stapflame(
      ['render', '-q', '-o', on],
      '# stapflame period=10000000 host=web1\nmain;work 3\nmain 1\n',
    );
    const { types, profile } = readPprof(on);
    expect(types).toEqual(['samples/count', 'cpu/nanoseconds']);
    expect(profile.sample.map(({ value }) => value.map(Number))).toEqual([
      [1, 10_000_000],
      [3, 30_000_000],
    ]);
  });

  it('reports losses in a comment', async () => {
    const file = join(directory, 'deep.pb.gz');
    const { code, stderr } = await stapflame(['fold', '-o', file, caseOf('smp-deep').trace]);
    expect(code).toBe(75);
    expect(stderr).toContain('16 damaged');
    expect(readPprof(file).comments[0]).toContain('incomplete: damaged=16 truncated=1');
  });

  it('is the same each time for the same input, and can be written to a pipe with --output-format', async () => {
    const { trace } = caseOf('burn-uk_g');
    const [first, second] = [join(directory, '1.pb.gz'), join(directory, '2.pb.gz')];
    await stapflame(['fold', '-q', '-o', first, trace]);
    await stapflame(['fold', '-q', '-o', second, trace]);
    expect(readFileSync(first)).toEqual(readFileSync(second));
    const piped = await stapflame(['fold', '-q', '--output-format', 'pprof', trace]);
    expect(piped.code).toBe(0);
    expect(piped.stdout.startsWith('\u001f')).toBe(true);
  });
});

interface Speedscope {
  readonly name: string;
  readonly shared: { readonly frames: readonly { readonly name: string; readonly file?: string }[] };
  readonly profiles: readonly [
    {
      readonly unit: string;
      readonly samples: readonly (readonly number[])[];
      readonly weights: readonly number[];
    },
  ];
}

function readSpeedscope(file: string): Speedscope & { readonly sums: Sums } {
  const document = JSON.parse(readFileSync(file, 'utf8')) as Speedscope;
  const { samples, weights } = document.profiles[0];
  const stackOf = (stack: readonly number[]): string =>
    stack.map((frame) => document.shared.frames[frame]!.name).join(';');
  return { ...document, sums: sumsOf(samples.map((stack, i) => [stackOf(stack), weights[i]!])) };
}

describe('speedscope', () => {
  it.each(CASES)('contains the same stacks as folded text: %s', async (name) => {
    const { trace, folded } = caseOf(name);
    const file = join(directory, 'profile.speedscope.json');
    const { code } = await stapflame(['fold', '-q', '--tmpdir', directory, '-o', file, trace]);
    expect([0, 75]).toContain(code);
    expect(readSpeedscope(file).sums).toEqual(foldedSums(folded));
    expect(readdirSync(directory)).toEqual(['profile.speedscope.json']);
  });

  it("contains modules and the unit, and reports losses in the profile's name", async () => {
    const deep = join(directory, 'deep.speedscope.json');
    expect((await stapflame(['fold', '-q', '-o', deep, caseOf('smp-deep').trace])).code).toBe(75);
    const { name, shared } = readSpeedscope(deep);
    expect(name).toContain('incomplete: damaged=16 truncated=1');
    expect(shared.frames.some(({ file }) => file?.includes('libc.so.6'))).toBe(true);
    const piped = await stapflame(
      ['render', '-q', '--output-format', 'speedscope'],
      '# stapflame unit=us\nmain;wait 1500\n',
    );
    expect(JSON.parse(piped.stdout).profiles[0]).toMatchObject({ unit: 'microseconds', weights: [1500] });
  });

  it('is not written for a comparison, and the message names formats that are', async () => {
    const file = join(directory, 'x.speedscope.json');
    const { code, stderr } = await stapflame(['render', '-q', '-o', file], 'main;a 3 5\n');
    expect(code).toBe(65);
    expect(stderr).toContain('.pb.gz');
    expect(readdirSync(directory)).toEqual([]);
  });
});

interface Firefox {
  readonly meta: Readonly<Record<string, unknown>>;
  readonly shared: {
    readonly stringArray: readonly string[];
    readonly funcTable: { readonly name: readonly number[] };
    readonly frameTable: { readonly func: readonly number[]; readonly category: readonly number[] };
    readonly stackTable: { readonly prefixOffset: readonly number[]; readonly frame: readonly number[] };
  };
  readonly libs: readonly { readonly path: string }[];
  readonly threads: readonly [
    {
      readonly samples: {
        readonly weightType: string;
        readonly stack: readonly number[];
        readonly weight: readonly number[];
      };
    },
  ];
}

function readFirefox(json: string): Firefox & { readonly sums: Sums } {
  const document = JSON.parse(json) as Firefox;
  const { stringArray, funcTable, frameTable, stackTable } = document.shared;
  const stacks: string[] = [];
  for (const [row, frame] of stackTable.frame.entries()) {
    const name = stringArray[funcTable.name[frameTable.func[frame]!]!]!;
    const offset = stackTable.prefixOffset[row]!;
    stacks.push(offset === 0 ? name : `${stacks[row - offset]};${name}`);
  }
  const { stack, weight } = document.threads[0].samples;
  return { ...document, sums: sumsOf(stack.map((row, i) => [stacks[row]!, weight[i]!])) };
}

describe('Firefox Profiler', () => {
  it.each(CASES)('contains the same stacks as folded text: %s', async (name) => {
    const { trace, folded } = caseOf(name);
    const file = join(directory, 'x.profile.json');
    const { code } = await stapflame(['fold', '-q', '--tmpdir', directory, '-o', file, trace]);
    expect([0, 75]).toContain(code);
    expect(readFirefox(readFileSync(file, 'utf8')).sums).toEqual(foldedSums(folded));
    expect(readdirSync(directory)).toEqual(['x.profile.json']);
  });

  it('contains libraries and categories, and reports losses', async () => {
    const { stdout, code } = await stapflame([
      'fold',
      '-q',
      '--output-format',
      'firefox',
      caseOf('smp-deep').trace,
    ]);
    expect(code).toBe(75);
    const { meta, libs, shared } = readFirefox(stdout);
    expect(meta['product']).toBe('stapflame (incomplete)');
    expect(JSON.stringify(meta['extra'])).toContain('"damaged","format":"string","value":"16"');
    expect(libs.map(({ path }) => path).join(' ')).toContain('libc.so.6');
    expect(new Set(shared.frameTable.category)).toContain(0);
  });
});
