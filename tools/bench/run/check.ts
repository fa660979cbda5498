import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Facts about a folded file. */
export interface FoldedFacts {
  readonly bytes: number;
  readonly lines: number;
  /** The sum of the counts. */
  readonly weight: number;
  readonly sha256: string;
}

const NEWLINE = 0x0a;
const HASH = 0x23;
const SPACE = 0x20;
const ZERO = 0x30;

/** Reads a folded file of any size. Comment lines (`# …`) are not stacks; `#>` may be a frame for other folders. */
export async function readFolded(file: string): Promise<FoldedFacts> {
  const hash = createHash('sha256');
  const facts = { bytes: 0, lines: 0, weight: 0 };
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    facts.bytes += (chunk as Buffer).length;
    const text = carried.length === 0 ? (chunk as Buffer) : Buffer.concat([carried, chunk as Buffer]);
    let begin = 0;
    for (let end = text.indexOf(NEWLINE); end !== -1; end = text.indexOf(NEWLINE, begin)) {
      if (text[begin] !== HASH || text[begin + 1] !== SPACE) {
        facts.lines++;
        facts.weight += countBefore(text, end);
      }
      begin = end + 1;
    }
    carried = text.subarray(begin);
  }
  return { ...facts, sha256: hash.digest('hex') };
}

/** Returns the number whose digits end at `end`. */
function countBefore(text: Buffer, end: number): number {
  let count = 0;
  let unit = 1;
  for (let at = end - 1; at >= 0; at--) {
    const digit = text[at]! - ZERO;
    if (digit < 0 || digit > 9) break;
    count += digit * unit;
    unit *= 10;
  }
  return count;
}
