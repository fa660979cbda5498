import { pipeline } from 'node:stream/promises';
import type { StackBatch } from '@stapflame/stap-parser';
import type { Command } from 'commander';
import { openTraces } from '../io/traces.ts';
import { withOutput } from '../io/with-output.ts';
import { withProgress } from '../progress.ts';
import { traceOutcome } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import { addTraceOptions, parserOptions, type TraceFlags } from './trace-options.ts';

export function addParseCommand(program: Command, report: Report): void {
  addTraceOptions(program.command('parse'))
    .description('print the stacks of a trace, one JSON object a stack, leaf first')
    .argument('[trace...]', 'traces of SystemTap; standard input without one, or for -')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('--summary <file>', 'write what was read and lost as JSON')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: CommonOptions & TraceFlags) => {
      const { reader, inputs } = openTraces(files, { ...parserOptions(flags), addresses: true });
      await withProgress(flags, files, { inputs, summary: () => reader.summary }, () =>
        withOutput(flags.output, (output) => pipeline(reader, jsonLines, output.stream())),
      );
      await report(traceOutcome(reader.summary, inputs, {}), flags);
    });
}

/** Characters written at once: a whole batch is some megabytes. */
const PIECE = 1 << 16;

/** `{"count":…,"frames":[…]}` and a line feed for each stack, many in a chunk. */
async function* jsonLines(batches: AsyncIterable<StackBatch>): AsyncGenerator<string> {
  let known: FrameTexts | undefined;
  for await (const batch of batches) {
    const { table, frames, bounds, weights } = batch;
    if (known?.table !== table) known = { table, texts: [] };
    const { texts } = known;
    let text = '';
    for (let i = 0; i < batch.length; i++) {
      const stack = Array.from(
        frames.subarray(bounds[i], bounds[i + 1]),
        (id) => (texts[id] ??= JSON.stringify(table.frame(id))),
      );
      text += `{"count":${weights[0]![i]},"frames":[${stack.join(',')}]}\n`;
      if (text.length < PIECE) continue;
      yield text;
      text = '';
    }
    if (text !== '') yield text;
    batch.release();
  }
}

/** Frames repeat from stack to stack: to make their text once halves the time. */
interface FrameTexts {
  readonly table: StackBatch['table'];
  /** The frames of the table as JSON, by id. */
  readonly texts: string[];
}
