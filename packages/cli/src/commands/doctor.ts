import { pipeline } from 'node:stream/promises';
import {
  filesOf,
  fixAllSymbols,
  gatherFacts,
  preflight,
  SampleWeigher,
  symbolSources,
  weighModules,
  type Facts,
  type Finding,
  type Obstacle,
  type Weights,
} from '@stapflame/stap-doctor';
import { inspectFit } from '@stapflame/stap-runner';
import type { StackBatch } from '@stapflame/stap-parser';
import type { Command } from 'commander';
import { CliError, Exit, type ExitCode } from '../exit.ts';
import { findingsText } from '../findings.ts';
import { openTraces } from '../io/traces.ts';
import { withOutput } from '../io/with-output.ts';
import { withProgress } from '../progress.ts';
import { fitFindings } from '../sampling/fit.ts';
import { traceOutcome } from '../summary.ts';
import type { CommonOptions, Report } from './context.ts';
import { readMessages, tellMessages, type MessageFlags } from './doctor-messages.ts';
import { wholeNumber } from './trace-options.ts';

interface DoctorFlags extends CommonOptions, MessageFlags {
  readonly pid?: number;
  readonly host?: string;
  readonly blankSeparated?: boolean;
}

/** Files of a trace that are looked into: the dearest; what comes after them costs next to nothing. */
const MAX_FILES = 256;

const CODES: readonly (readonly [Obstacle, ExitCode])[] = [
  ['permission', Exit.PERMISSION],
  ['missing-program', Exit.MISSING],
  ['configuration', Exit.CONFIGURATION],
];

const HELP = `
Examples:
  stapflame doctor -p 4242                     this machine, and the files of a process
  stapflame doctor trace.bt                    what files without symbols cost in a trace
  stapflame doctor --stderr stap.err           what saved messages mean
  sudo stap … > trace.bt 2> >(stapflame doctor)   the same while they come (bash, zsh)

Exit codes: 0 nothing stands in the way; else the first of 77 permission, 69 missing program, 78 configuration.`;

export function addDoctorCommand(program: Command, report: Report): void {
  program
    .command('doctor')
    .description('say what stands in the way of sampling, which files lack symbols, and what to type')
    .argument('[trace...]', 'traces: what files without symbols cost in them')
    .option('-p, --pid <pid>', 'look at the files of this process as well', wholeNumber)
    .option('--host <[user@]host>', 'look at the far end of ssh')
    .option('--stderr <file>', 'explain the messages of a run; - for standard input, which is passed on')
    .option('--json', 'one JSON object a finding')
    .option('--blank-separated', 'each group of lines between blank lines of a trace is one sample')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-q, --quiet', 'no summary on stderr')
    .addHelpText('after', HELP)
    .action(async (files: string[], flags: DoctorFlags) => {
      const messages = await readMessages(files, flags);
      if (messages) {
        await tellMessages(messages, flags);
        judge(messages);
        return;
      }
      const weights = files.length > 0 ? await weigh(files, flags, report) : undefined;
      const { pid, host } = flags;
      const facts = await gatherFacts({
        ...(pid !== undefined && { pid }),
        ...(host !== undefined && { host }),
        files: weights ? filesOf(weights).slice(0, MAX_FILES) : [],
      });
      const asksOfMachine = weights === undefined || pid !== undefined || host !== undefined;
      const misfits = asksOfMachine ? fitFindings(await inspectFit(host === undefined ? {} : { host })) : [];
      const findings = [
        ...misfits,
        // the misfit says the same, and what mends it
        ...allFindings(facts, weights, flags).filter(
          ({ code }) => misfits.length === 0 || code !== 'systemtap-too-old-for-kernel',
        ),
      ];
      const text = flags.json
        ? findings.map((finding) => `${JSON.stringify(finding)}\n`).join('')
        : findingsText(findings, fixAllSymbols(facts.modules, symbolSources(facts)));
      await withOutput(flags.output, files, (output) => pipeline([text], output.stream()));
      judge(findings);
    });
}

/** A machine that was not asked about has nothing to do with a trace that was taken. */
function allFindings(
  facts: Facts,
  weights: Weights | undefined,
  { pid, host }: DoctorFlags,
): readonly Finding[] {
  if (!weights) return preflight(facts, pid);
  const machine = pid === undefined && host === undefined ? [] : preflight(facts, pid);
  return [
    ...machine.filter(({ values }) => values['module'] === undefined),
    ...weighModules(weights, facts.modules, symbolSources(facts)),
  ];
}

async function weigh(files: readonly string[], flags: DoctorFlags, report: Report): Promise<Weights> {
  const { reader, inputs } = openTraces(files, { blankSeparated: flags.blankSeparated ?? false });
  const weigher = new SampleWeigher();
  await withProgress(flags, files, { inputs, summary: () => reader.summary }, () =>
    pipeline(reader, async (batches: AsyncIterable<StackBatch>) => {
      for await (const batch of batches) {
        weigher.add(batch);
        batch.release();
      }
    }),
  );
  await report(traceOutcome(reader.summary, inputs, {}), flags, files);
  return weigher.weights;
}

/** Missing symbols alone are no obstacle. */
function judge(findings: readonly Finding[]): void {
  const blocking = findings.filter(({ severity }) => severity === 'blocks');
  const first = CODES.find(([obstacle]) => blocking.some((finding) => finding.obstacle === obstacle));
  if (!first) return;
  const count = blocking.length === 1 ? 'one thing stands' : `${blocking.length} things stand`;
  throw new CliError(first[1], `${count} in the way of sampling`);
}
