import { Transform, pipeline, type Readable, type TransformCallback } from 'node:stream';
import mergeStreams from '@sindresorhus/merge-streams';

const NEWLINE = 0x0a;
/** Longer lines are split, to limit the use of memory. Real traces have no lines of this length. */
const MAX_LINE_BYTES = 1 << 20;

/**
 * Merges several traces into one stream, in the dialect of `stap --remote-prefix`: each line of trace N, counted from
 * 0, begins with `N: `, and lines of different traces may alternate. The stream fails if one of the traces fails.
 */
export function mergeTraces(traces: readonly Readable[]): Readable {
  return mergeStreams(
    traces.map((trace, number) => {
      const lines = new NumberedLines(number);
      // the pipeline passes errors on to `lines`, which passes them on to the merged stream
      pipeline(trace, lines, () => undefined);
      return lines;
    }),
  );
}

/** Emits complete lines, each with the trace's number as a prefix. */
class NumberedLines extends Transform {
  readonly #prefix: Buffer;
  #begun: Buffer = Buffer.alloc(0);

  constructor(number: number) {
    super();
    this.#prefix = Buffer.from(`${number}: `);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const text = this.#begun.length > 0 ? Buffer.concat([this.#begun, chunk]) : chunk;
    const end = text.lastIndexOf(NEWLINE) + 1;
    this.#begun = text.subarray(end);
    if (end > 0) this.push(this.#numbered(text.subarray(0, end)));
    if (this.#begun.length > MAX_LINE_BYTES) this.#breakLine();
    done();
  }

  /** Adds a line feed to an incomplete last line. Otherwise, a line from another trace would be appended to it. */
  override _flush(done: TransformCallback): void {
    if (this.#begun.length > 0) this.#breakLine();
    done();
  }

  #breakLine(): void {
    this.push(this.#numbered(Buffer.concat([this.#begun, Buffer.of(NEWLINE)])));
    this.#begun = Buffer.alloc(0);
  }

  #numbered(lines: Buffer): Buffer {
    const pieces: Buffer[] = [];
    for (let at = 0; at < lines.length;) {
      const end = lines.indexOf(NEWLINE, at) + 1;
      pieces.push(this.#prefix, lines.subarray(at, end));
      at = end;
    }
    return Buffer.concat(pieces);
  }
}
