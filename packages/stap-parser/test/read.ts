import { TraceParser, type ParserOptions, type ParserSummary } from '../src/index.ts';

/** The result of reading a trace: its stacks by label, root first, in input order, and its summary. */
export interface Read {
  readonly stacks: readonly string[];
  readonly summary: ParserSummary;
}

/** Reads a trace in chunks of `size` bytes. */
export function read(trace: string | Uint8Array, options: ParserOptions = {}, size = Infinity): Read {
  const bytes = typeof trace === 'string' ? new TextEncoder().encode(trace) : trace;
  const parser = new TraceParser({ scanner: 'reference', ...options });
  const stacks: string[] = [];
  const collect = (): void => {
    for (const batch of parser.take()) {
      for (const { frames, count } of batch) {
        stacks.push(
          `${frames
            .map(({ label }) => label)
            .reverse()
            .join(';')} ${count}`,
        );
      }
    }
  };
  for (let at = 0; at < bytes.length; at += size) {
    parser.push(bytes.subarray(at, at + size));
    collect();
  }
  parser.endInput();
  collect();
  return { stacks, summary: parser.summary() };
}
