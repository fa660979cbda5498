import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CliError, Exit } from '../exit.ts';
import { pathOf } from '../io/file-names.ts';
import { reasonNotOpened } from '../io/inputs.ts';
import { standardOutput } from '../io/output.ts';
import { packingOf } from '../io/unpack.ts';
import { withOutput } from '../io/with-output.ts';
import { forTerminal } from '../terminal.ts';
import { cutTrace, type CutTrace, type Range } from './ranges.ts';

export interface SplitFlags {
  readonly number?: number;
  readonly bytes?: number;
  readonly printRanges?: boolean;
  readonly output?: string;
}

const PIECE = 1 << 20;
const LINE_FEED = 0x0a;
const TAB = 0x09;
/** The start of a record's last line, which contains the count. Frame lines do not begin with a tab. */
const COUNT_LINE = Buffer.from('\n\t');

/** Splits a trace into files that are complete traces themselves, or prints where it can be split. */
export async function splitFile(file: string, flags: SplitFlags): Promise<void> {
  const descriptor = open(file);
  try {
    const { size } = fstatSync(descriptor);
    const parts = flags.number ?? Math.max(1, Math.ceil(size / flags.bytes!));
    const cut = isPacked(descriptor) ? undefined : cutTrace(descriptor, parts);
    if (!cut)
      throw new CliError(
        Exit.DATA,
        `${forTerminal(file)} cannot be cut, because it is compressed, was counted in the kernel, or mixes lines from several hosts; fold the complete file instead`,
      );
    if (flags.printRanges === true) await printRanges(cut);
    else await writeParts(descriptor, cut, flags.output ?? file);
  } finally {
    closeSync(descriptor);
  }
}

function isPacked(descriptor: number): boolean {
  const head = Buffer.alloc(4);
  readSync(descriptor, head, 0, head.length, 0);
  return packingOf(head) !== undefined;
}

function open(file: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(pathOf(file), 'r');
  } catch (error) {
    throw new CliError(Exit.NO_INPUT, `cannot open ${forTerminal(file)}: ${reasonNotOpened(error)}`, error);
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new CliError(
    Exit.NO_INPUT,
    `cannot split ${forTerminal(file)}: it is not a regular file; save the trace to a file first`,
  );
}

async function printRanges({ shape, ranges }: CutTrace): Promise<void> {
  const lines = ranges.map(({ from, to }) => `${shape.headerLength}\t${from}\t${to}\n`);
  await standardOutput().write(Buffer.from(lines.join('')));
}

async function writeParts(descriptor: number, cut: CutTrace, prefix: string): Promise<void> {
  const { ranges, shape, trailer } = cut;
  const digits = String(ranges.length).length;
  let before = 0;
  for (const [i, range] of ranges.entries()) {
    await withOutput(`${prefix}.${String(i + 1).padStart(digits, '0')}`, async (output) => {
      if (shape.header !== '') await output.write(Buffer.from(`${shape.header}\n`));
      const counter = new RecordCounter();
      for (const piece of pieces(descriptor, range)) {
        counter.add(piece);
        await output.write(piece);
      }
      const { records } = counter;
      const isLast = i === ranges.length - 1;
      const end = isLast ? withoutHits(trailer, before) : `# stapflame end hits=${records}\n`;
      if (shape.header !== '') await output.write(Buffer.from(end));
      before += records;
    });
  }
}

/** Subtracts the samples in earlier parts from the number in the trailer, which counts all samples in the trace. */
function withoutHits(trailer: string, before: number): string {
  return trailer.replace(/(?<= hits=)\d+/, (hits) => String(Math.max(0, Number(hits) - before)));
}

/** Yields the bytes in a range. Each chunk is valid only until the next one is requested. */
function* pieces(descriptor: number, { from, to }: Range): Generator<Buffer> {
  const buffer = Buffer.alloc(PIECE);
  for (let at = from; at < to;) {
    const length = readSync(descriptor, buffer, 0, Math.min(PIECE, to - at), at);
    if (length === 0)
      throw new CliError(Exit.IO, 'the trace became shorter while it was being split; split it again');
    yield buffer.subarray(0, length);
    at += length;
  }
}

/** Counts records by their last lines, which begin with a tab. Chunks may end anywhere. */
class RecordCounter {
  records = 0;
  #last = 0;

  add(bytes: Buffer): void {
    if (this.#last === LINE_FEED && bytes[0] === TAB) this.records++;
    for (let at = bytes.indexOf(COUNT_LINE); at >= 0; at = bytes.indexOf(COUNT_LINE, at + 1)) this.records++;
    this.#last = bytes.at(-1)!;
  }
}
