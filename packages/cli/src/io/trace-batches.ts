import { readTraces, type ParserOptions, type TraceReader } from '@stapflame/stap-parser';
import { refuseUnusable } from '../unusable.ts';
import { openInputs, type Input } from './inputs.ts';

/** The traces as batches; ends in an error where they hold nothing usable, before anything is written. */
export function traceBatches(files: readonly string[], options: ParserOptions): TraceReader {
  const opened: Input[] = [];
  const reader: TraceReader = readTraces(sources(), options);
  async function* sources(): AsyncGenerator<Input> {
    yield* openInputs(files, opened);
    refuseUnusable(reader.summary, opened);
  }
  return reader;
}
