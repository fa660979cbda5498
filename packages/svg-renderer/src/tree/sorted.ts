import { unsorted } from '../errors.ts';
import type { BoxCollector } from './collector.ts';
import type { TreeOptions } from './folded-tree.ts';

const SEMICOLON = 0x3b;

/**
 * Walks the tree of stacks as they come, in one pass. Only what differs from the line before is looked at:
 *
 *     main;parse;read      the line before, its frames' ends kept
 *     main;parse_all;x     the same up to here: `main` stays open, `parse` and `read` close
 *               ^
 */
export class StacksInOrder {
  readonly #boxes: BoxCollector;
  readonly #order: TreeOptions['order'];
  readonly #maxDepth: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #last: Uint8Array = new Uint8Array(1 << 12);
  #lastView: DataView = new DataView(this.#last.buffer);
  #viewed: Uint8Array | undefined;
  #view: DataView = this.#lastView;
  #length = 0;
  /** End of each open frame in the last line. */
  readonly #ends: number[] = [];

  constructor(boxes: BoxCollector, { order, maxDepth }: Pick<TreeOptions, 'order' | 'maxDepth'>) {
    this.#boxes = boxes;
    this.#order = order;
    this.#maxDepth = maxDepth;
  }

  add(bytes: Uint8Array, from: number, to: number, weight: number, change: number, line: number): void {
    const length = to - from;
    const most = Math.min(length, this.#length);
    const same = sameBytes(this.#lastView, this.#viewOf(bytes), from, most);
    const ends = this.#ends;
    // an end at the difference itself counts where both end there
    const upTo = same === length || bytes[from + same] === SEMICOLON ? same : same - 1;
    let shared = ends.length;
    while (shared > 0 && ends[shared - 1]! > upTo) shared--;
    // what is too deep to be drawn may come in any order
    if (shared < Math.min(ends.length, this.#maxDepth) && this.#order === 'sorted')
      this.#verify(bytes, from, length, same, shared, line);
    while (ends.length > shared) this.#close();
    this.#open(bytes, from, length, same);
    this.#boxes.add(weight, change);
  }

  /** One view for all lines of a chunk. */
  #viewOf(bytes: Uint8Array): DataView {
    if (bytes === this.#viewed) return this.#view;
    this.#viewed = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.#view;
  }

  /** Throws where the stack, which leaves the last one at frame `shared`, should stand before it. */
  #verify(bytes: Uint8Array, from: number, length: number, same: number, shared: number, line: number): void {
    const begin = shared === 0 ? 0 : this.#ends[shared - 1]! + 1;
    const isPrefix = length < begin || same === length || bytes[from + same] === SEMICOLON;
    const lastEnds = same === this.#ends[shared];
    if (!isPrefix && (lastEnds || bytes[from + same]! > this.#last[same]!)) return;
    throw unsorted(line);
  }

  #open(bytes: Uint8Array, from: number, length: number, same: number): void {
    if (length > this.#last.length) {
      const larger = new Uint8Array(length * 2);
      larger.set(this.#last.subarray(0, same));
      this.#last = larger;
      this.#lastView = new DataView(larger.buffer);
    }
    const last = this.#last;
    const ends = this.#ends;
    for (let i = same; i < length; i++) last[i] = bytes[from + i]!;
    this.#length = length;
    let at = ends.length === 0 ? 0 : ends.at(-1)! + 1;
    if (ends.length > 0 && at > length) return;
    for (; ; at++) {
      while (at < length && last[at] !== SEMICOLON) at++;
      ends.push(at);
      this.#boxes.open();
      if (at >= length) return;
    }
  }

  #close(): void {
    this.#boxes.close(this.#nameOf);
    this.#ends.pop();
  }

  readonly #nameOf = (depth: number): string => {
    const begin = depth === 0 ? 0 : this.#ends[depth - 1]! + 1;
    return this.#decoder.decode(this.#last.subarray(begin, this.#ends[depth]!));
  };

  /** Closes every frame; there are no more stacks. */
  end(): void {
    while (this.#ends.length > 0) this.#close();
  }
}

/**
 * How many bytes the views have in common from their places on, at most `most`. Four at a time: stacks share
 * most of their bytes with the line before, and comparing these is most of the work on sorted input.
 */
function sameBytes(last: DataView, next: DataView, from: number, most: number): number {
  let same = 0;
  while (same + 4 <= most && last.getInt32(same) === next.getInt32(from + same)) same += 4;
  while (same < most && last.getInt8(same) === next.getInt8(from + same)) same++;
  return same;
}
