import { SortedMerge, type SpillFile, type TextSource } from '@stapflame/stacks';
import { spillFiles } from '@stapflame/stacks/stream';

/** A sorted input to merge: a file, a decompressed file, or the result of merging several inputs. */
export interface Text {
  open(): { readonly source: TextSource; close(): void };
}

/** An input, and the label of the root frame to add to its stacks. */
export interface RootedText {
  readonly text: Text;
  readonly root: string | undefined;
}

/** Stores inputs one after the other in a single temporary file. */
export class TemporaryTexts {
  readonly #tmpdir: string | Uint8Array | undefined;
  #file: SpillFile | undefined;
  #begin = 0;
  /** Total size of all inputs in bytes. */
  bytes = 0;

  constructor(tmpdir: string | Uint8Array | undefined) {
    this.#tmpdir = tmpdir;
  }

  /** Appends to the current input. */
  write(piece: Uint8Array): void {
    this.#file ??= spillFiles(this.#tmpdir).create();
    this.#file.write(piece);
    this.bytes += piece.length;
  }

  /** Ends the current input and returns it. */
  end(): Text {
    const file = this.#file;
    const [begin, end] = [this.#begin, this.bytes];
    this.#begin = end;
    return {
      open() {
        let at = begin;
        const read = (into: Uint8Array): number => {
          const bytes = file?.read(into.subarray(0, Math.min(into.length, end - at)), at) ?? 0;
          at += bytes;
          return bytes;
        };
        return { source: { read }, close: () => undefined };
      },
    };
  }

  /** Merges inputs, and appends the result to the file. */
  append(texts: readonly Text[]): Text {
    for (const piece of merged(texts, undefined)) this.write(piece);
    return this.end();
  }

  remove(): void {
    this.#file?.remove();
    this.#file = undefined;
  }
}

/** Total size of all read buffers in bytes, then the smallest and largest size of one buffer. */
const BUFFERS = 1 << 24;
const LEAST_BUFFER = 1 << 13;
const MOST_BUFFER = 1 << 17;

/**
 * Merges inputs. Yields chunks of complete lines. A chunk is valid only until the next one is requested.
 */
export function* merged(
  texts: readonly Text[],
  root: string | undefined,
): Generator<Uint8Array, SortedMerge> {
  const open: ReturnType<Text['open']>[] = [];
  try {
    for (const text of texts) open.push(text.open());
    const share = Math.floor(BUFFERS / texts.length);
    const buffer = Math.max(LEAST_BUFFER, Math.min(MOST_BUFFER, share));
    const sources = open.map(({ source }) => source);
    const merge = new SortedMerge(sources, { buffer, ...(root !== undefined && { root }) });
    yield* merge.lines();
    return merge;
  } finally {
    for (const each of open) each.close();
  }
}

/** Groups inputs by root. */
export function byRoot(texts: readonly RootedText[]): ReadonlyMap<string | undefined, readonly Text[]> {
  const groups = new Map<string | undefined, Text[]>();
  for (const { text, root } of texts) {
    const group = groups.get(root);
    if (group) group.push(text);
    else groups.set(root, [text]);
  }
  return groups;
}
