import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/cleanup.ts';

const MAIN = fileURLToPath(new URL('../../packages/cli/bundle/bin/main.js', import.meta.url));
const PROFILES = 6;

let directory: string;
beforeAll(() => {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
  } catch {
    throw new Error('there is no go: apt-get install golang-go');
  }
  directory = temporaryDirectory();
});

/** Few names, so that they recur, call each other and match. */
const NAMES = ['main', 'read', 'readAll', 'sort', 'sortBy', 'hash', 'lock'];
const EXPRESSIONS = ['^main$', 'read', 'sort', '^sort$', 'hash|lock', 'All|By'];

const stack = fc.tuple(
  fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 7 }),
  fc.integer({ min: 1, max: 999 }),
);
const stacks = fc.array(stack, { minLength: 1, maxLength: 40 });
const filters = fc.uniqueArray(
  fc.tuple(fc.constantFrom('focus', 'ignore', 'hide', 'show', 'show-from'), fc.constantFrom(...EXPRESSIONS)),
  { maxLength: 2, selector: ([kind]) => kind },
);

interface Row {
  readonly name: string;
  readonly self: number;
  readonly total: number;
}

/** Sorts rows by name, because two tables may order equal rows differently. */
function sorted(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function stapflame(...words: string[]): string {
  return execFileSync(process.execPath, [MAIN, ...words, '-q'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Returns the output of `go tool pprof`; empty if no sample is left. */
function pprof(file: string, report: string, chosen: readonly (readonly [string, string])[] = []): string {
  const flags = chosen.map(([kind, expression]) => `-${kind.replace('-', '_')}=${expression}`);
  try {
    return execFileSync(
      'go',
      ['tool', 'pprof', report, '-nodecount=1000', '-nodefraction=0', '-edgefraction=0', ...flags, file],
      {
        encoding: 'utf8',
        env: { ...process.env, PPROF_TMPDIR: directory },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
  } catch {
    return '';
  }
}

const PPROF_ROW = /^ *(\d+) +[\d.]+% +[\d.]+% +(\d+) +[\d.]+% +(\S+)$/;

function pprofRows(text: string): readonly Row[] {
  return text.split('\n').flatMap((line) => {
    const [, self, total, name] = PPROF_ROW.exec(line) ?? [];
    return name === undefined ? [] : [{ name, self: Number(self), total: Number(total) }];
  });
}

function topRows(folded: string, chosen: readonly (readonly [string, string])[]): readonly Row[] {
  const flags = chosen.flatMap(([kind, expression]) => [`--${kind}`, expression]);
  let text: string;
  try {
    text = stapflame('top', folded, '--json', '--limit', '0', ...flags);
  } catch (error) {
    // `top` fails if no stack is left
    expect((error as { status: number }).status).toBe(65);
    return [];
  }
  const { rows } = JSON.parse(text) as {
    rows: { name: string; self: { weight: number }; total: { weight: number } }[];
  };
  return rows.map(({ name, self, total }) => ({ name, self: self.weight, total: total.weight }));
}

/** `caller weight function`, and `function weight callee`. */
type Edge = readonly [from: string, weight: number, to: string];

const PPROF_EDGE = /^ *(\d+) +[\d.]+% \| {3}(\S+)$/;
const PPROF_MIDDLE = /^ *\d.*\| (\S+)$/;

/** Reads blocks that list a function's callers above it and its callees below it. */
function pprofEdges(text: string): readonly Edge[] {
  return text.split(/^-+\+-+$/m).flatMap((block) => {
    const lines = block.split('\n');
    const middle = lines.findIndex((line) => !PPROF_EDGE.test(line) && PPROF_MIDDLE.test(line));
    const name = PPROF_MIDDLE.exec(lines[middle] ?? '')?.[1];
    if (name === undefined) return [];
    return lines.flatMap((line, i): readonly Edge[] => {
      const [, weight, other] = PPROF_EDGE.exec(line) ?? [];
      if (other === undefined) return [];
      return [i < middle ? [other, Number(weight), name] : [name, Number(weight), other]];
    });
  });
}

function peekEdges(folded: string, names: string): readonly Edge[] {
  interface Calls {
    readonly edges: readonly { readonly name: string; readonly weight: number }[];
  }
  const { rows } = JSON.parse(stapflame('peek', names, folded, '--json')) as {
    rows: { name: string; callers: Calls; callees: Calls }[];
  };
  return [
    ...rows.flatMap(({ name, callers }) => callers.edges.map((edge): Edge => [edge.name, edge.weight, name])),
    ...rows.flatMap(({ name, callees }) => callees.edges.map((edge): Edge => [name, edge.weight, edge.name])),
  ];
}

it('the calls of every function match go tool pprof', () => {
  let compared = 0;
  for (const [i, samples] of fc.sample(stacks, { numRuns: PROFILES, seed: 21 }).entries()) {
    const folded = join(directory, `peek-${i}.folded`);
    const profile = join(directory, `peek-${i}.pb.gz`);
    writeFileSync(folded, samples.map(([frames, count]) => `${frames.join(';')} ${count}\n`).join(''));
    stapflame('render', folded, '-o', profile);
    const edges = peekEdges(folded, '.').map(String).toSorted();
    expect(edges).toEqual(pprofEdges(pprof(profile, '-peek=.')).map(String).toSorted());
    compared += edges.length;
  }
  expect(compared).toBeGreaterThan(PROFILES * 3);
});

it('self and total of every function match go tool pprof, with and without filters', () => {
  const drawn = fc.sample(fc.tuple(stacks, filters), { numRuns: PROFILES, seed: 20 });
  let compared = 0;
  for (const [i, [samples, chosen]] of drawn.entries()) {
    const folded = join(directory, `${i}.folded`);
    const profile = join(directory, `${i}.pb.gz`);
    writeFileSync(folded, samples.map(([frames, count]) => `${frames.join(';')} ${count}\n`).join(''));
    stapflame('render', folded, '-o', profile);
    for (const each of [[], chosen]) {
      const rows = sorted(topRows(folded, each));
      expect(rows, JSON.stringify(each)).toEqual(sorted(pprofRows(pprof(profile, '-top', each))));
      compared += rows.length;
    }
  }
  expect(compared).toBeGreaterThan(PROFILES * 3);
});
