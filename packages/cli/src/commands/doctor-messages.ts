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

/** Flags that say where messages come from and where findings go. */
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

/** The doctor's findings in messages. */
export interface MessageFindings {
  readonly findings: readonly Finding[];
  /** Whether there were no messages at all. */
  readonly empty: boolean;
}

/**
 * Reads messages from `--stderr` or, if nothing else was requested, from standard input. Returns `undefined` if there
 * are no messages to read: the doctor then looks at the machine.
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
      '--stderr explains messages, and cannot be combined with traces, -p, --host or --machine; run stapflame doctor twice',
    );
  if (osRelease !== undefined && !reads)
    throw new CliError(Exit.USAGE, '--os-release is for saved messages: add --stderr FILE');
  return reads ? diagnose(stderr ?? STDIN, optionsFor(osRelease)) : undefined;
}

/**
 * With `2> >(stapflame doctor)`, findings go to standard error, because the shell has redirected standard output
 * to the trace.
 */
export async function tellMessages(
  { findings, empty }: MessageFindings,
  { stderr, json, output: file, quiet }: MessageFlags,
): Promise<void> {
  const nothing = empty
    ? 'There are no messages, so there is nothing to fix.\n'
    : 'Nothing here needs fixing.\n';
  if (stderr === undefined && file === undefined && json !== true) {
    // live messages come from this machine
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

/** Whether standard input is a pipe or a file, and not a terminal or /dev/null. */
function comeIn(): boolean {
  const input = fstatSync(0);
  return input.isFIFO() || input.isSocket() || input.isFile();
}

/** Saved messages may come from another machine, which its os-release file describes. */
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

/** Finds problems in a file or on standard input, whose lines are passed on as they arrive. */
async function diagnose(file: string, options: DoctorOptions): Promise<MessageFindings> {
  const findings: Finding[] = [];
  let empty = true;
  // Ctrl-C ends the sampler, and its last messages matter most
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

/** Escapes text only if it goes to a terminal. */
function passOn(line: Uint8Array): void {
  const stderr = standardError();
  stderr.write(stderr.isTTY ? forTerminal(Buffer.from(line).toString()) : line);
  stderr.write('\n');
}
