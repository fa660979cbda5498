import { spawnSync } from 'node:child_process';
import { DEFAULT_MEMORY, StackFolder } from '@stapflame/folder';
import { FoldedWriter } from '@stapflame/stacks';
import { spillFiles } from '@stapflame/stacks/stream';
import { TraceParser, type ParserOptions } from '@stapflame/stap-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { KINDS, type Kind } from '../../bench/generate/kinds.ts';
import { generateTrace } from '../../bench/generate/trace.ts';

const SIZE = 1 << 18;
/** This kind has so many names that they are written to disk if memory is smallest. */
const MANY_NAMES: Kind = 'programs-1000';
const LARGE = 12 << 20;
const LITTLE = 1 << 20;
const MEMORIES = [LITTLE, 16 << 20, 256 << 20, 1 << 30];
/** The other kinds are perf script text, or contain no usable record. */
const FOLDED = KINDS.filter(
  (kind) => !['long-line', 'wide-lines', 'deep-record'].includes(kind) && !kind.startsWith('perf-'),
);

/** An awk program that folds in the simplest way. Its output is unsorted. */
const PLAIN_FOLD = String.raw`
{ sub(/^[0-9]+: /, "") }
/^#/ { next }
/^\t/ { folded[root stack] += $1; root = stack = ""; next }
/^[^ ]/ { root = $0 ";"; next }
{
  name = $3
  if (name ~ /^0x/) { name = $4; sub(/\+0x.*/, "]", name); sub(/^.*\//, "[", name) }
  sub(/\+0x.*/, "", name)
  stack = stack == "" ? name : name ";" stack
}
END { for (stack in folded) printf "%s %d\n", stack, folded[stack] }`;

function traceOf(kind: Kind): Buffer {
  const blocks = generateTrace({
    kind,
    size: kind === MANY_NAMES ? LARGE : SIZE,
    seed: 1,
    company: 'records',
  });
  return Buffer.concat(Array.from(blocks, (block) => Buffer.from(block)));
}

/** Sorts the records by their text, so that those of one program follow each other. */
function byProgram(trace: Buffer): Buffer {
  const records = trace.toString('latin1').split(/(?<=\n\t\d+\n)/);
  return Buffer.from(records.toSorted().join(''), 'latin1');
}

interface Folded {
  readonly text: string;
  readonly spilledRuns: number;
}

function fold(trace: Buffer, scanner: ParserOptions['scanner'], memory: number): Folded {
  const parser = new TraceParser({ frames: 'labels', scanner: scanner! });
  const folder = new StackFolder(spillFiles(), { memory });
  const writer = new FoldedWriter({ plain: true });
  parser.push(trace);
  parser.endInput();
  for (const batch of parser.take()) folder.push(batch);
  const pieces: Buffer[] = [];
  for (const batch of folder.finish())
    for (const piece of writer.write(batch)) pieces.push(Buffer.from(piece));
  return { text: Buffer.concat(pieces).toString(), spilledRuns: folder.summary().spilledRuns };
}

function lines(folded: string): readonly string[] {
  return folded.trimEnd().split('\n').toSorted();
}

describe.each(FOLDED)('a trace of the kind %s', (kind) => {
  let trace: Buffer;
  let folded: string;
  beforeAll(() => {
    trace = traceOf(kind);
    folded = fold(trace, 'wasm', DEFAULT_MEMORY).text;
  });

  it('is folded as awk folds it', () => {
    const { stdout, status } = spawnSync('awk', [PLAIN_FOLD], { input: trace, maxBuffer: LARGE * 4 });
    expect(status).toBe(0);
    expect(lines(folded)).toEqual(lines(stdout.toString()));
  });

  it('gives the same bytes with the plain scanner', () => {
    expect(fold(trace, 'reference', DEFAULT_MEMORY).text === folded).toBe(true);
  });

  it.each(MEMORIES)('gives the same bytes with %d bytes of memory', (memory) => {
    const { text, spilledRuns } = fold(trace, 'wasm', memory);
    expect(text === folded).toBe(true);
    if (kind === MANY_NAMES) expect(spilledRuns > 0).toBe(memory === LITTLE);
  });

  // records of a framed trace have to stay between its header and its trailer
  if (kind !== 'framed')
    it('gives the same bytes if the programs follow each other', () => {
      expect(fold(byProgram(trace), 'wasm', DEFAULT_MEMORY).text === folded).toBe(true);
    });
});
