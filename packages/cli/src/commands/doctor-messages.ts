import { fstatSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDoctor, renderFindings, type Diagnosis, type Finding } from '@stapflame/stap-doctor';
import { CliError, Exit } from '../exit.ts';
import { inputBytes } from '../io/input-bytes.ts';
import { STDIN } from '../io/inputs.ts';
import { withOutput } from '../io/with-output.ts';
import { thisMachine } from '../this-machine.ts';
import { forTerminal } from '../terminal.ts';

/** Flags by which the doctor is given messages, and says what it found. */
export interface MessageFlags {
  readonly pid?: number;
  readonly host?: string;
  readonly stderr?: string;
  readonly json?: boolean;
  readonly output?: string;
}

/**
 * What the messages say that were given, by `--stderr` or, where nothing else was asked for, on standard input.
 * `undefined` where there were none.
 */
export async function readMessages(
  traces: readonly string[],
  { pid, host, stderr }: MessageFlags,
): Promise<readonly Finding[] | undefined> {
  const others = traces.length > 0 || pid !== undefined || host !== undefined;
  if (stderr === undefined) return others || !comeIn() ? undefined : diagnose(STDIN);
  if (others)
    throw new CliError(
      Exit.USAGE,
      '--stderr is about messages: leave out traces, -p and --host, or ask twice',
    );
  return (await diagnose(stderr)) ?? [];
}

/**
 * Findings of `2> >(stapflame doctor)` go to standard error: there, standard output is the trace that the shell has
 * redirected.
 */
export async function tellMessages(
  findings: readonly Finding[],
  { stderr, json, output: file }: MessageFlags,
): Promise<void> {
  const live = stderr === undefined && file === undefined && json !== true;
  if (live) {
    if (findings.length > 0) process.stderr.write(`\n${renderFindings(findings)}`);
    return;
  }
  const text = json
    ? findings.map((finding) => `${JSON.stringify(finding)}\n`).join('')
    : renderFindings(findings) || 'These messages tell of nothing that is to be mended.\n';
  await withOutput(file, stderr === undefined ? [] : [stderr], (output) => pipeline([text], output.stream()));
}

/** On standard input there is a pipe, or a file: no terminal, and not /dev/null. */
function comeIn(): boolean {
  const input = fstatSync(0);
  return input.isFIFO() || input.isSocket() || input.isFile();
}

/** Findings in a file or on standard input, which is passed on as it comes; `undefined` where it is empty. */
async function diagnose(file: string): Promise<readonly Finding[] | undefined> {
  const findings: Finding[] = [];
  let empty = true;
  // Ctrl-C ends whoever is sampling, and so the messages: what they say is wanted most then
  const stay = (): void => undefined;
  if (file === STDIN) process.on('SIGINT', stay);
  try {
    await pipeline(
      Readable.from(inputBytes([file])),
      createDoctor(thisMachine()),
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
  return empty ? undefined : findings;
}

/** Untouched, unless a terminal would act on it. */
function passOn(line: Uint8Array): void {
  process.stderr.write(process.stderr.isTTY ? forTerminal(Buffer.from(line).toString()) : line);
  process.stderr.write('\n');
}
