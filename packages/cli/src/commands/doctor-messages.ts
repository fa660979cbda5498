import { fstatSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  createDoctor,
  parseOsRelease,
  renderFindings,
  type Diagnosis,
  type DoctorOptions,
  type Finding,
} from '@stapflame/stap-doctor';
import { CliError, Exit } from '../exit.ts';
import { inputBytes } from '../io/input-bytes.ts';
import { STDIN } from '../io/inputs.ts';
import { standardError } from '../io/standard-error.ts';
import { withOutput } from '../io/with-output.ts';
import { forTerminal } from '../terminal.ts';
import { thisMachine } from '../this-machine.ts';

/** Flags that say where to read messages and where to write findings. */
export interface MessageFlags {
  readonly pid?: number;
  readonly host?: string;
  readonly stderr?: string;
  readonly machine?: boolean;
  readonly osRelease?: string;
  readonly json?: boolean;
  readonly output?: string;
  readonly quiet?: boolean;
}

/** The doctor's findings about a sampling run's messages. */
export interface MessageFindings {
  readonly findings: readonly Finding[];
  /** True if there were no messages. */
  readonly empty: boolean;
}

/**
 * Finds problems in messages from `--stderr` or, if nothing else was requested, from standard input. Returns
 * `undefined` if there is no input with messages; the doctor then checks the machine.
 */
export async function readMessages(
  traces: readonly string[],
  flags: MessageFlags,
): Promise<MessageFindings | undefined> {
  const { pid, host, stderr, machine, osRelease } = flags;
  const others = traces.length > 0 || pid !== undefined || host !== undefined || machine === true;
  const reads = stderr !== undefined || (!others && comeIn());
  if (stderr !== undefined && others)
    throw new CliError(
      Exit.USAGE,
      '--stderr cannot be combined with traces, -p, --host or --machine; run stapflame doctor once for each',
    );
  if (osRelease !== undefined && !reads)
    throw new CliError(Exit.USAGE, '--os-release only applies to saved messages; add --stderr FILE');
  return reads ? diagnose(stderr ?? STDIN, optionsFor(osRelease)) : undefined;
}

/**
 * Writes the findings. With `2> >(stapflame doctor)`, they go to standard error, because the shell has redirected
 * standard output to the trace.
 */
export async function tellMessages(
  { findings, empty }: MessageFindings,
  { stderr, json, output: file, quiet }: MessageFlags,
): Promise<void> {
  const nothing = empty
    ? 'There are no messages, so there is nothing to fix.\n'
    : 'Nothing here needs fixing.\n';
  if (stderr === undefined && file === undefined && json !== true) {
    // Messages from a pipe come from this machine, so the note about the assumed distribution is left out.
    const told = findings.filter(
      ({ code, values }) => code !== 'commands-for' || values['from'] !== 'machine',
    );
    if (told.length > 0) standardError().write(`\n${renderFindings(told)}`);
    else if (quiet !== true) standardError().write(nothing);
    return;
  }
  const text = json
    ? findings.map((finding) => `${JSON.stringify(finding)}\n`).join('')
    : renderFindings(findings) || nothing;
  await withOutput(file, (output) => pipeline([text], output.stream()));
}

/** Whether standard input is a pipe or a file rather than a terminal or /dev/null. */
function comeIn(): boolean {
  const input = fstatSync(0);
  return input.isFIFO() || input.isSocket() || input.isFile();
}

/** Returns the doctor's options. Saved messages may come from another machine, described by its os-release file. */
function optionsFor(osRelease: string | undefined): DoctorOptions {
  const { distribution, root = false } = thisMachine();
  return osRelease === undefined
    ? { presumed: distribution, root }
    : { distribution: parseOsRelease(readOsRelease(osRelease)), root };
}

function readOsRelease(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = forTerminal((error as Error).message);
    throw new CliError(Exit.NO_INPUT, `cannot read ${forTerminal(file)}: ${reason}`, error);
  }
}

/** Finds problems in messages from a file or standard input. Lines from standard input are passed on as they arrive. */
async function diagnose(file: string, options: DoctorOptions): Promise<MessageFindings> {
  const findings: Finding[] = [];
  let empty = true;
  // Ctrl-C stops the sampler. Its last messages matter most, so this process keeps reading.
  const stay = (): void => undefined;
  if (file === STDIN) process.on('SIGINT', stay);
  try {
    await pipeline(
      Readable.from(inputBytes([file])),
      createDoctor(options),
      async (all: AsyncIterable<Diagnosis>) => {
        for await (const each of all) {
          empty = false;
          if ('finding' in each) findings.push(each.finding);
          else if (file === STDIN) passOn(each.line.bytes);
        }
      },
    );
  } finally {
    process.off('SIGINT', stay);
  }
  return { findings, empty };
}

/** Writes a line to standard error. Control characters are escaped only if standard error is a terminal. */
function passOn(line: Uint8Array): void {
  const stderr = standardError();
  stderr.write(stderr.isTTY ? forTerminal(Buffer.from(line).toString()) : line);
  stderr.write('\n');
}
