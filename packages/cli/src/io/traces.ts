import { readTraces, type ParserOptions, type TraceReader } from '@stapflame/stap-parser';
import { refuseUnusable } from '../unusable.ts';
import { openInputs, type Input } from './inputs.ts';

/** The traces of a command while they are read. */
export interface Traces {
  /** Their stacks; ends in an error where they hold nothing usable, before anything is written. */
  readonly reader: TraceReader;
  /** Those that were opened so far. */
  readonly inputs: readonly Input[];
}

export function openTraces(files: readonly string[], options: ParserOptions): Traces {
  const inputs: Input[] = [];
  const reader: TraceReader = readTraces(sources(), options);
  async function* sources(): AsyncGenerator<Input> {
    yield* openInputs(files, inputs);
    refuseUnusable(reader.summary, inputs);
  }
  return { reader, inputs };
}
