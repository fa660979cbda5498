import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { StackBatch } from '@stapflame/stacks';
import { TraceParser, type ParserSummary } from '@stapflame/stap-parser';
import { attempt, inPieces, type Result } from './attempt.ts';
import type { FuzzInput } from './inputs.ts';

/** Small tables and short lines, so that their limits are reached. */
const LIMITS = {
  maxLineLength: 256,
  maxRecordLines: 24,
  maxTableFrames: 16,
  separator: /^-+(?: (\d+) -+)?$/,
} as const;

interface Read {
  readonly samples: string;
  readonly summary: ParserSummary;
}

/** The stacks of a trace, and the sum of their weights. */
export interface Stacks {
  readonly batches: readonly StackBatch[];
  readonly weight: number;
}

/**
 * Reads each input with both scanners, and with one of them in pieces as well. The three parsers are kept from input
 * to input, as if these were several files, until an input is refused: creating parsers costs more than reading so
 * little.
 */
export class TraceCheck {
  #parsers = parsers();

  /** The stacks; `undefined` if the input is refused. */
  check(input: FuzzInput): Stacks | undefined {
    let stacks: Stacks | undefined;
    try {
      return (stacks = this.#compare(input));
    } finally {
      if (!stacks) this.#parsers = parsers();
    }
  }

  #compare({ bytes, cut }: FuzzInput): Stacks | undefined {
    const { wasm, plain, pieces } = this.#parsers;
    const batches: StackBatch[] = [];
    const before = wasm.summary().weight;
    const whole = read(wasm, bytes, Infinity, batches);
    deepStrictEqual(read(plain, bytes, Infinity), whole);
    deepStrictEqual(read(pieces, bytes, cut), whole);
    if (!('value' in whole)) return undefined;
    const weight = batches.reduce((sum, batch) => sum + weightOf(batch), 0);
    const after = whole.value.summary.weight;
    // larger sums are not exact; the folder has to refuse them
    if (after <= Number.MAX_SAFE_INTEGER) strictEqual(after - before, weight);
    return { batches, weight };
  }
}

function weightOf({ bounds, weights }: StackBatch): number {
  return weights[0]!.subarray(0, bounds.length - 1).reduce((sum, weight) => sum + weight, 0);
}

function parsers(): Readonly<Record<'wasm' | 'plain' | 'pieces', TraceParser>> {
  return {
    wasm: new TraceParser({ ...LIMITS, scanner: 'wasm' }),
    plain: new TraceParser({ ...LIMITS, scanner: 'reference' }),
    pieces: new TraceParser({ ...LIMITS, scanner: 'wasm' }),
  };
}

function read(parser: TraceParser, bytes: Uint8Array, size: number, kept: StackBatch[] = []): Result<Read> {
  return attempt(() => {
    let samples = '';
    const take = (): void => {
      for (const batch of parser.take()) {
        kept.push(batch);
        for (const { frames, count } of batch)
          samples += `${frames.map(({ label }) => label).join(';')} ${count}\n`;
      }
    };
    inPieces(bytes, size, (piece) => {
      parser.push(piece);
      take();
    });
    parser.endInput();
    take();
    return { samples, summary: parser.summary() };
  });
}
