import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import {
  FoldedReader,
  FolderError,
  StackFolder,
  type SpillStore,
  type StackColumns,
} from '@stapflame/folder';
import { loadTokenizer, ParserError, TraceParser, type ParserSummary } from '@stapflame/stap-parser';
import { FlameGraphRenderer, RendererError } from '@stapflame/svg-renderer';
import { SaxesParser } from 'saxes';
import type { FuzzInput } from './inputs.ts';

const noDisk: SpillStore = {
  create: () => {
    throw new Error('so little fits into memory');
  },
};

/** What came of an input: a result, or the code of a named error. Any other error is a finding. */
type Result<T> = { readonly value: T } | { readonly refused: string };

function attempt<T>(work: () => T): Result<T> {
  try {
    return { value: work() };
  } catch (error) {
    const named =
      error instanceof ParserError || error instanceof FolderError || error instanceof RendererError;
    if (!named) throw error;
    return { refused: error.code };
  }
}

interface Read {
  readonly samples: readonly string[];
  readonly batches: readonly StackColumns[];
  readonly summary: ParserSummary;
}

/** Small tables and short lines, so that their limits are met. */
const LIMITS = { maxLineLength: 256, maxRecordLines: 24, maxTableFrames: 16 } as const;

function parse(bytes: Uint8Array, cut: number, scanner: 'wasm' | 'reference'): Result<Read> {
  return attempt(() => {
    const parser = new TraceParser(LIMITS, loadTokenizer(scanner));
    const batches: StackColumns[] = [];
    const samples: string[] = [];
    const take = (): void => {
      for (const batch of parser.take()) {
        batches.push(batch);
        for (const { frames, count } of batch)
          samples.push(`${frames.map(({ label }) => label).join(';')} ${count}`);
      }
    };
    for (let at = 0; at < bytes.length; at += cut) {
      parser.push(bytes.subarray(at, at + cut));
      take();
    }
    parser.endInput();
    take();
    return { samples, batches, summary: parser.summary() };
  });
}

function fold(batches: Iterable<StackColumns>): Result<string> {
  return attempt(() => {
    const folder = new StackFolder(noDisk, { memory: 1 << 20 });
    for (const batch of batches) folder.add(batch);
    return Buffer.concat([...folder.finish()]).toString();
  });
}

function readFolded(bytes: Uint8Array, cut: number): Result<{ text: Result<string>; stacks: number }> {
  return attempt(() => {
    const reader = new FoldedReader();
    const batches: StackColumns[] = [];
    for (let at = 0; at < bytes.length; at += cut) {
      reader.push(bytes.subarray(at, at + cut));
      batches.push(...reader.take());
    }
    reader.endInput();
    batches.push(...reader.take());
    return { text: fold(batches), stacks: reader.summary().stacks };
  });
}

function render(bytes: Uint8Array, cut: number): Result<{ svg: string; weight: number }> {
  return attempt(() => {
    const renderer = new FlameGraphRenderer();
    for (let at = 0; at < bytes.length; at += cut) renderer.push(bytes.subarray(at, at + cut));
    const svg = [...renderer.finish()].join('');
    return { svg, weight: renderer.summary().weight };
  });
}

/** A picture is XML by the strict rules, has one script, and no attribute that acts. */
function checkPicture(svg: string): void {
  const parser = new SaxesParser();
  let scripts = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'script') scripts++;
    for (const attribute of Object.keys(attributes))
      ok(!/^on/i.test(attribute), `the attribute ${attribute}`);
  });
  parser.write(svg).close();
  strictEqual(scripts, 1);
}

/** Everything that must hold of an input, for each stage from bytes to bytes; throws where it does not. */
export function checkInput({ bytes, cut }: FuzzInput): Read | undefined {
  const whole = parse(bytes, Infinity, 'wasm');
  for (const [size, scanner] of [
    [Infinity, 'reference'],
    [cut, 'wasm'],
  ] as const) {
    const other = parse(bytes, size, scanner);
    deepStrictEqual(essence(other), essence(whole));
  }
  const text = readFolded(bytes, Infinity);
  deepStrictEqual(readFolded(bytes, cut), text);
  const picture = render(bytes, cut);
  if ('value' in picture) checkPicture(picture.value.svg);
  if (!('value' in whole)) return undefined;
  checkFolded(whole.value);
  return whole.value;
}

const essence = (read: Result<Read>): unknown =>
  'value' in read ? { samples: read.value.samples, summary: read.value.summary } : read;

const AMBIGUOUS = /[ \t]\d+(?:\.\d+)? \d+$|^# |^\s|\s;|;\s|\s \d+$/m;

/** What is folded and read again is the same; the root of its picture has the weight that was read. */
function checkFolded({ batches, summary }: Read): void {
  const folded = fold(batches);
  if (!('value' in folded)) return;
  const again = readFolded(Buffer.from(folded.value), Infinity);
  ok('value' in again);
  // a leaf whose name ends with a number cannot be told from a first count: folded text has no quotes
  if (!AMBIGUOUS.test(folded.value)) deepStrictEqual(again.value.text, folded);
  const picture = render(Buffer.from(folded.value), Infinity);
  if (summary.weight === 0) return deepStrictEqual(picture, { refused: 'EMPTY_INPUT' });
  ok('value' in picture);
  strictEqual(picture.value.weight, summary.weight);
  checkPicture(picture.value.svg);
}
