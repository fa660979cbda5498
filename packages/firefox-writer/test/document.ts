import {
  batchOf,
  FrameList,
  StackBatch,
  type Frame,
  type PlainSample,
  type SpillFile,
  type SpillStore,
} from '@stapflame/stacks';
import { FirefoxWriter } from '../src/index.ts';

type Column<Value = number> = readonly Value[];
type Table<Names extends string> = { readonly [Name in Names]: Column } & { readonly length: number };

/** The parts of a processed profile, version 70, that these tests read. */
export interface Document {
  readonly meta: Readonly<Record<string, unknown>> & {
    readonly extra: readonly {
      readonly entries: readonly { readonly label: string; readonly value: string }[];
    }[];
  };
  readonly libs: readonly { readonly path: string; readonly codeId: string | null }[];
  readonly shared: {
    readonly stackTable: Table<'prefixOffset' | 'frame'>;
    readonly frameTable: Table<'func' | 'lib' | 'category' | 'line' | 'inlineDepth'>;
    readonly funcTable: Table<'name' | 'resource'>;
    readonly resourceTable: Table<'name' | 'type'>;
    readonly stringArray: readonly string[];
  };
  readonly threads: readonly [
    {
      readonly name: string;
      readonly samples: Table<'stack' | 'weight' | 'timeDeltas'> & { readonly weightType: string };
    },
  ];
}

/** Keeps files in memory and counts the open ones. */
export class MemoryStore implements SpillStore {
  open = 0;

  create(): SpillFile {
    this.open++;
    let bytes = Buffer.alloc(0);
    return {
      write: (piece) => void (bytes = Buffer.concat([bytes, piece])),
      read: (into, position) => bytes.copy(into, 0, position),
      remove: () => void this.open--,
    };
  }
}

/** A table that notes which frames are looked up. */
export class NotingTable extends FrameList {
  readonly lookedUp: number[] = [];

  override frame(id: number): Frame {
    this.lookedUp.push(id);
    return super.frame(id);
  }

  /** Makes a batch with one stack for each of these frames. */
  batchOf(ids: readonly number[]): StackBatch {
    return new StackBatch({
      table: this,
      frames: Uint32Array.from(ids),
      bounds: Uint32Array.from({ length: ids.length + 1 }, (_, i) => i),
      weights: [new Float64Array(ids.length).fill(1)],
    });
  }
}

/** Copies each chunk, because a chunk is valid only until the next one is requested. */
export function copies(pieces: Iterable<Uint8Array>): Uint8Array[] {
  return Array.from(pieces, (piece) => piece.slice());
}

export function textOf(batches: Iterable<StackBatch>, store: SpillStore = new MemoryStore()): string {
  const writer = new FirefoxWriter(store);
  const pieces: Uint8Array[] = [];
  for (const batch of batches) pieces.push(...copies(writer.write(batch)));
  pieces.push(...copies(writer.finish()));
  return Buffer.concat(pieces).toString();
}

export function documentOf(batches: Iterable<StackBatch>): Document {
  return JSON.parse(textOf(batches)) as Document;
}

/** Returns a frame's name. */
export function nameOf({ shared }: Document, frame: number): string {
  return shared.stringArray[shared.funcTable.name[shared.frameTable.func[frame]!]!]!;
}

/** Returns the document's samples, each with the names of its frames, leaf first. */
export function samplesOf(document: Document): PlainSample[] {
  const { stack, weight } = document.threads[0].samples;
  const { prefixOffset, frame } = document.shared.stackTable;
  return stack.map((leaf, i) => {
    const frames: string[] = [];
    for (let row = leaf, offset = -1; offset !== 0; row -= offset) {
      frames.push(nameOf(document, frame[row]!));
      offset = prefixOffset[row]!;
    }
    return { frames, count: weight[i]! };
  });
}

/** Returns the paths of all tables that have a column whose length is not the table's `length`. */
export function unevenTables(value: unknown, path: string = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const entries = Object.entries(value);
  const { length } = value as { length?: number };
  const own = entries.some(
    ([, column]) => length !== undefined && Array.isArray(column) && column.length !== length,
  );
  return [
    ...(own ? [path] : []),
    ...entries.flatMap(([key, inner]) => unevenTables(inner, `${path}/${key}`)),
  ];
}

/** Returns the batches' samples, each with the labels of its frames, leaf first. */
export function plain(batches: Iterable<StackBatch>): PlainSample[] {
  return [...batches].flatMap((batch) =>
    [...batch].map(({ frames, count }) => ({ frames: frames.map(({ label }) => label), count })),
  );
}

export function batchOfOne(facts: StackBatch['facts'] = {}, count: number = 3): StackBatch {
  return batchOf([{ frames: ['leaf', 'root'], count }], facts);
}
