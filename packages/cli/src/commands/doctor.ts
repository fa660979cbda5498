import { pipeline } from 'node:stream/promises';
import type { StackBatch } from '@stapflame/stacks';
import {
  diagnose,
  DoctorError,
  fixAllSymbols,
  gatherFacts,
  preflight,
  SampleWeigher,
  sh,
  weighModules,
  type Command,
  type Facts,
  type Finding,
  type LaterNames,
  type Obstacle,
} from '@stapflame/stap-doctor';
import { canSpawn, inspectFit } from '@stapflame/stap-runner';
import type { Command as Program } from 'commander';
import { readStacks } from '../convert.ts';
import { CliError, Exit, type ExitCode } from '../exit.ts';
import { Group } from '../help/groups.ts';
import { findingsText } from '../findings.ts';
import type { KindFlags } from '../inputs/open.ts';
import { TRACES } from '../inputs/table.ts';
import { withOutput } from '../io/with-output.ts';
import { keepFor } from '../outputs/output.ts';
import { COPIES, fitFindings } from '../sampling/fit.ts';
import { namingFor } from '../symbols/naming.ts';
import { thisMachine } from '../this-machine.ts';
import type { CommonOptions, Report } from './context.ts';
import { readMessages, tellMessages, type MessageFlags } from './doctor-messages.ts';
import { sshArgumentsOption } from './record-options.ts';
import { addSymbolOptions, type SymbolFlags } from './symbol-options.ts';
import { addSampleOptions, inputOption, wholeNumber } from './trace-options.ts';

interface DoctorFlags extends CommonOptions, KindFlags, MessageFlags, SymbolFlags {
  readonly pid?: number;
  readonly host?: string;
  readonly sshArguments?: readonly string[];
  readonly blankSeparated?: boolean;
  readonly separator?: RegExp;
}

/**
 * Maximum number of files to inspect, starting with those that have the most samples. The other files have hardly any
 * samples.
 */
const MAX_FILES = 256;

const TOO_FEW_FILES = 'the limit on open files is too low to check this machine; raise it (ulimit -n)';

/** The exit code for each obstacle. If there are several obstacles, the first in this list decides. */
const CODES: readonly (readonly [Obstacle, ExitCode])[] = [
  ['permission', Exit.PERMISSION],
  ['missing-program', Exit.MISSING],
  ['configuration', Exit.CONFIGURATION],
  ['usage', Exit.USAGE],
  ['link', Exit.INCOMPLETE],
  ['unknown', Exit.INCOMPLETE],
];

const HELP = `
Without traces and without -p, --host, --stderr and --machine, the doctor explains messages from a pipe or a
redirected file, and checks this machine if standard input is a terminal or /dev/null. Use --stderr - or --machine
to choose one.

Exit codes: 0 if nothing prevents sampling; otherwise the first that applies: 77 permission, 69 missing program,
78 configuration, 64 usage, 75 ssh failed or the doctor does not know the message.`;

export function addDoctorCommand(program: Program, report: Report): void {
  addSymbolOptions(addSampleOptions(program.command('doctor')))
    .description('report what prevents sampling and which files lack symbols, with the commands to run')
    .argument(
      '[trace...]',
      'traces to search for files without symbols; these files are listed by their share of the samples',
    )
    .option('-p, --pid <pid>', 'also check the files of the process with this PID', wholeNumber)
    .option('--host <[user@]host>', 'check this host, over ssh')
    .addOption(sshArgumentsOption())
    .option(
      '--stderr <file>',
      "explain a sampling run's messages, read from this file or from standard input (-); lines from standard input are also printed",
    )
    .option('--os-release <file>', 'copy of /etc/os-release from the machine that printed the messages')
    .option('--machine', 'check this machine, even if standard input is a pipe or a file')
    .option('--json', 'print a JSON object for each finding')
    .addOption(inputOption())
    .optionsGroup(Group.OUTPUT)
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-q, --quiet', 'no summary on stderr')
    .addHelpText('after', HELP)
    .action(async (files: string[], flags: DoctorFlags) => {
      const messages = await readMessages(files, flags);
      if (messages) {
        await tellMessages(messages, flags);
        judge(messages.findings);
        return;
      }
      const weighed =
        files.length > 0 ? await weigh(files, flags, report).catch(orAdviseMessages) : undefined;
      const { pid, host, sshArguments } = flags;
      const where = {
        ...(host !== undefined && { host }),
        ...(sshArguments !== undefined && { sshArguments }),
      };
      if (!canSpawn()) throw new CliError(Exit.CONFIGURATION, TOO_FEW_FILES);
      const facts = await gatherFacts({
        ...(pid !== undefined && { pid }),
        ...where,
        files: weighed?.weigher.files.slice(0, MAX_FILES) ?? [],
      }).catch(findingsOfFailure);
      const looked = 'kernel' in facts;
      const asksOfMachine = weighed === undefined || pid !== undefined || host !== undefined;
      const misfits = looked && asksOfMachine ? fitFindings(await inspectFit(where), copiesAt(host)) : [];
      const others = looked ? allFindings(facts, weighed, flags) : facts;
      // The findings in `misfits` report that SystemTap is too old for the kernel, and also say how to fix this.
      const isSaid = ({ code }: Finding): boolean =>
        misfits.length > 0 && code === 'systemtap-too-old-for-kernel';
      const findings = [...misfits, ...others.filter((finding) => !isSaid(finding))];
      const text = flags.json
        ? findings.map((finding) => `${JSON.stringify(finding)}\n`).join('')
        : findingsText(findings, looked ? fixAllSymbols(facts) : []);
      await withOutput(flags.output, (output) => pipeline([text], output.stream()));
      judge(findings);
    });
}

/**
 * Returns the findings about the machine and the traces. The machine's state says nothing about a trace, so if traces
 * were given, findings about the machine are included only on request.
 */
function allFindings(
  facts: Facts,
  weighed: Weighed | undefined,
  { pid, host }: DoctorFlags,
): readonly Finding[] {
  if (!weighed) return preflight(facts, pid);
  const lacking = weighModules(weighed.weigher.weights, facts, weighed.later);
  const machine = pid === undefined && host === undefined ? [] : preflight(facts, pid);
  return [...machine.filter(({ values }) => values['module'] === undefined), ...lacking];
}

/** How many samples are in files without symbols, before and after the name lookup. */
interface Weighed {
  readonly weigher: SampleWeigher;
  readonly later: LaterNames | undefined;
}

async function weigh(files: readonly string[], flags: DoctorFlags, report: Report): Promise<Weighed> {
  const weigher = new SampleWeigher();
  const named = new SampleWeigher();
  const naming = await namingFor(files, flags, { label: {}, frames: 'whole' });
  try {
    // Addresses are needed to recognise the vDSO and to look up names.
    const kept = { ...flags, ...keepFor({ shows: 'addresses' }), addresses: true };
    const summary = await readStacks(files, kept, TRACES, async (batches) => {
      let facts = {};
      async function* weighed(): AsyncGenerator<StackBatch> {
        for await (const batch of batches) {
          ({ facts } = batch);
          weigher.add(batch);
          yield batch;
        }
      }
      for await (const batch of naming?.lookUp(weighed()) ?? weighed()) {
        if (naming) named.add(batch);
        batch.release();
      }
      return { facts };
    });
    await report(summary, flags);
    const later = naming && {
      weights: named.weights,
      problems: new Map(
        naming
          .told()
          .modules.flatMap(({ module, problem }) =>
            problem === undefined ? [] : [[module, problem] as const],
          ),
      ),
      command: drawing(files, flags),
    };
    return { weigher, later };
  } finally {
    naming?.close();
  }
}

/** Returns the `flame` command that draws these files, looking up names as `doctor` did. */
function drawing(
  files: readonly string[],
  { symbols = [], debugDir = [], debuginfod }: SymbolFlags,
): Command {
  return sh`${[
    'stapflame',
    'flame',
    ...files,
    ...symbols.flatMap((file) => ['--symbols', file]),
    ...debugDir.flatMap((directory) => ['--debug-dir', directory]),
    ...(debuginfod === true ? ['--debuginfod'] : []),
    '-o',
    'flame.svg',
  ]}`;
}

/**
 * Returns the directory of patched runtimes. On a host, `record --host` runs stap with sudo, so root's copies are used.
 */
function copiesAt(host: string | undefined): Command {
  return host !== undefined || thisMachine().root === true ? COPIES.root : COPIES.user;
}

/** Adds advice to the error: an input that is not a trace may contain messages, which `--stderr` explains. */
function orAdviseMessages(error: unknown): never {
  if (!(error instanceof CliError) || error.exitCode !== Exit.DATA || error.message.includes('--stderr'))
    throw error;
  const advice = 'stapflame doctor --stderr FILE explains messages from a run';
  throw new CliError(Exit.DATA, `${error.message}; ${advice}`, error);
}

/** Throws if a finding prevents sampling. Missing symbols alone do not prevent it. */
function judge(findings: readonly Finding[]): void {
  const blocking = findings.filter(({ severity }) => severity === 'blocks');
  const first = CODES.find(([obstacle]) => blocking.some((finding) => finding.obstacle === obstacle));
  if (!first) return;
  const count =
    blocking.length === 1 ? 'one of these findings prevents' : `${blocking.length} of these findings prevent`;
  throw new CliError(first[1], `${count} sampling`);
}

/** Returns the findings that explain an ssh failure. Rethrows the error if its message is not recognised. */
function findingsOfFailure(error: unknown): readonly Finding[] {
  const isSsh =
    error instanceof DoctorError && (error.code === 'PROBE_FAILED' || error.code === 'LOGIN_REFUSED');
  const findings = isSsh ? diagnose(error.message.replace(/^[^:]*: /, '')) : [];
  const known = findings.filter(({ obstacle }) => obstacle === 'link' || obstacle === 'permission');
  if (known.length === 0) throw error;
  return known;
}
