import { createParser } from '@stapflame/stap-parser';
import type { Command } from 'commander';
import { write, type Written } from '../convert.ts';
import { CliError, Exit } from '../exit.ts';
import { Group } from '../help/groups.ts';
import type { KindFlags } from '../inputs/open.ts';
import { keepHeapSmall } from '../io/small-heap.ts';
import { withOutput } from '../io/with-output.ts';
import { foundFramesFor, keepFor } from '../outputs/output.ts';
import { UnnamedSum } from '../outputs/unnamed.ts';
import { outputFor, SVG, type OutputFlags } from '../outputs/table.ts';
import { openOption } from '../open-picture.ts';
import { summaryOf } from '../summary.ts';
import { exportedNamesOf } from '../symbols/exported-names.ts';
import type { CommonOptions, Report } from './context.ts';
import { convertTraces } from './convert-traces.ts';
import { addNameOptions, type NameFlags } from './name-options.ts';
import { addOutputFormat } from './output-options.ts';
import { addPictureOptions, pictureTreatment } from './picture-options.ts';
import { addRecordOptions, type RecordFlags } from './record-options.ts';
import { scriptOptions } from './sampling-options.ts';
import { addSelectOptions, type SelectFlags } from './select-options.ts';
import { addSymbolOptions, type SymbolFlags } from './symbol-options.ts';
import {
  addFoldOptions,
  addTraceOptions,
  labelOptions,
  parserOptions,
  type FoldFlags,
  type TraceFlags,
} from './trace-options.ts';

type FlameFlags = CommonOptions &
  KindFlags &
  TraceFlags &
  NameFlags &
  SelectFlags &
  SymbolFlags &
  FoldFlags &
  OutputFlags &
  RecordFlags;

export function addFlameCommand(program: Command, report: Report, words: readonly string[]): void {
  const command = addOutputFormat(
    addPictureOptions(
      addFoldOptions(
        addSymbolOptions(addSelectOptions(addNameOptions(addTraceOptions(program.command('flame'))))),
      ),
    ),
  );
  addRecordOptions(command)
    .description('draw the flame graph of a trace, or sample a process and draw it (-p, -c, --system)')
    .argument(
      '[trace...]',
      'traces from SystemTap, perf, bpftrace or DTrace; with no file, or with -, standard input is read',
    )
    .optionsGroup(Group.OUTPUT)
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .addOption(openOption())
    .option('--summary <file>', 'write a JSON summary of input, output and losses')
    .option('-q, --quiet', 'no summary on stderr')
    .action(async (files: string[], flags: FlameFlags) => {
      const options = scriptOptions(command);
      const { pid, pids, command: started, system } = options;
      const sampled = [pid, pids, started, system].some((whom) => whom !== undefined);
      if (sampled && files.length > 0)
        throw new CliError(
          Exit.USAGE,
          'expected either a trace or a target to sample (-p, --pids, -c, --system), not both',
        );
      if (sampled && options.addresses === true)
        throw new CliError(
          Exit.USAGE,
          '--addresses records no names, and flame -p does not look names up; run stapflame record --addresses -o TRACE, then stapflame flame TRACE',
        );
      if (sampled) await sampleAndDraw(options, flags, words, report);
      else await draw(files, flags, report);
    });
}

async function draw(files: readonly string[], flags: FlameFlags, report: Report): Promise<void> {
  const unnamed = new UnnamedSum();
  const kind = unnamed.watching(outputFor(flags, SVG));
  const summary = await convertTraces(files, flags, kind, pictureTreatment(flags));
  await report({ ...summary, unnamed: unnamed.weight }, flags);
}

/** Samples a process and draws it without writing a trace file. */
async function sampleAndDraw(
  options: ReturnType<typeof scriptOptions>,
  given: FlameFlags,
  words: readonly string[],
  report: Report,
): Promise<void> {
  // The sampling code is loaded only here, so that drawing an existing trace starts quickly.
  const { sample } = await import('../sampling/sample.ts');
  // The size of the input is not known in advance, so it is assumed to be large.
  keepHeapSmall(Infinity);
  const kind = outputFor(given, SVG);
  const lookup = { label: labelOptions(given), frames: foundFramesFor(kind) };
  const naming = await exportedNamesOf(options, given, lookup);
  // Checking a name requires its file and offset.
  const flags = { ...given, ...keepFor(kind), ...(naming && { addresses: true, frames: 'whole' as const }) };
  const parser = createParser(parserOptions(flags));
  const picture = await kind.open(flags);
  let problem: CliError | undefined;
  let result: Written | undefined;
  await withOutput(flags.output, async (output) => {
    problem = await sample(options, flags, words, async (trace) => {
      const treatment = { ...pictureTreatment(flags), naming };
      result = await write(trace.pipe(parser), [], treatment, flags, picture, output);
    });
  });
  await picture.afterwards?.();
  await report(summaryOf({ trace: parser.summary }, [], result!), flags);
  if (problem) throw problem;
}
