import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createRunner, type ExitReason, type RunnerExit } from '@stapflame/stap-runner';
import { generateScript, type ScriptOptions } from '@stapflame/stap-script';
import type { Command } from 'commander';
import split2 from 'split2';
import { CliError, Exit, type ExitCode } from '../exit.ts';
import { withOutput } from '../io/with-output.ts';
import { forTerminal } from '../terminal.ts';
import { addSamplingOptions, scriptOptions } from './sampling-options.ts';

/** Longer lines of stderr are passed over: split2 is quadratic on endless ones. Its types lack that option. */
const MESSAGES: { readonly maxLength: number; readonly skipOverflow: boolean } = {
  maxLength: 1 << 14,
  skipOverflow: true,
};

interface RecordFlags {
  readonly host?: string;
  readonly compileFor?: string;
  readonly sudo?: boolean;
  readonly output?: string;
  readonly quiet?: boolean;
}

const CODES: Readonly<Record<Exclude<ExitReason, 'ended'>, ExitCode>> = {
  missing: Exit.MISSING,
  permission: Exit.PERMISSION,
  link: Exit.INCOMPLETE,
  compile: Exit.CONFIGURATION,
  stopped: Exit.INCOMPLETE,
  signal: Exit.INCOMPLETE,
  failed: Exit.INCOMPLETE,
};

export function addRecordCommand(program: Command): void {
  const command = addSamplingOptions(program.command('record'))
    .description('sample with SystemTap, here or over ssh, and write the trace')
    .option('--host <[user@]host>', 'sample at the far end of ssh')
    .option('--compile-for <release>', 'compile here for the kernel of the host, and only run there')
    .option('--sudo', 'use sudo -n where stap runs (default: with --host)')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-q, --quiet', 'no messages of SystemTap, no cost');
  command.action(async (flags: RecordFlags) => {
    const script = generateScript(withThisMachine(scriptOptions(command), flags.host));
    if (!flags.quiet) for (const line of costs(script)) say(line);
    const { host, compileFor, sudo } = flags;
    const runner = createRunner({
      stapArguments: script.stapArguments,
      ...(host !== undefined && { host }),
      ...(compileFor !== undefined && { compileFor }),
      ...(sudo !== undefined && { sudo }),
    });
    const stop = (): void => runner.stop();
    process.on('SIGINT', stop).on('SIGTERM', stop);
    const messages = runner.stderr.pipe(split2(MESSAGES));
    messages.on('data', (line: string) => flags.quiet || line === '' || say(line));
    const end = new EndOfTrace();
    try {
      await withOutput(flags.output, [], (output) =>
        pipeline(Readable.from([script.text]), runner.stream, end, output.stream()),
      );
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    }
    const exit = await runner.exit;
    judge(exit, end.text);
  });
}

/** What this machine knows of itself and the target; nothing of it is true of another host. */
function withThisMachine(options: ScriptOptions, host: string | undefined): ScriptOptions {
  if (host !== undefined) return options;
  const { pid, maps, modules } = options;
  if (pid !== undefined && !existsSync(`/proc/${pid}`))
    throw new CliError(Exit.INCOMPLETE, `there is no process ${pid}`);
  const found = pid === undefined || maps !== undefined || modules !== undefined ? undefined : mapsOf(pid);
  return { cpus: cpus().length, ...options, ...(found !== undefined && { maps: found }) };
}

function mapsOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8');
  } catch {
    say(`cannot read /proc/${pid}/maps: name its files with -d, or its frames stay without names`);
    return undefined;
  }
}

function costs({ estimate, notes }: ReturnType<typeof generateScript>): readonly string[] {
  const { kernelBytes, kernelBytesPerCpu, bytesPerSecond } = estimate;
  const memory = kernelBytes ?? kernelBytesPerCpu;
  const cost = `about ${Math.ceil(memory / 2 ** 20)} MiB of kernel memory${kernelBytes === undefined ? ' for each CPU' : ''}`;
  const rate =
    bytesPerSecond === undefined ? '' : `, at most about ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  return [...notes, `sampling takes ${cost}${rate}`];
}

/** Keeps the last bytes of what passes: the trailer stands there. */
class EndOfTrace extends Transform {
  text = '';

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.text = (this.text + chunk.subarray(-256).toString('latin1')).slice(-256);
    done(null, chunk);
  }
}

/** Ends with the exit code of what went wrong: a trace without a sample is no success. */
function judge({ reason, messages }: RunnerExit, end: string): void {
  if (reason !== 'ended') throw new CliError(CODES[reason], `stap: ${explain(reason)}`);
  const missing = missingModules(messages);
  if (missing.length > 0) say(`some stacks are cut: sample again with -d ${missing.join(' -d ')}`);
  if (end === '') throw new CliError(Exit.INCOMPLETE, 'stap printed nothing: is there such a process?');
  if (end.endsWith('# stapflame end hits=0\n'))
    throw new CliError(Exit.INCOMPLETE, 'nothing was sampled: the target was idle, or has ended');
}

function explain(reason: Exclude<ExitReason, 'ended'>): string {
  return {
    missing: 'there is no stap; install systemtap (or systemtap-runtime at a host that others compile for)',
    permission: 'not permitted; see its messages, and run as root or let sudo work without a password',
    link: 'the link was cut or could not be made; what came was written',
    compile: 'the script was not accepted on this kernel; see its messages',
    stopped: 'it was stopped before it could finish; what came was written',
    signal: 'a signal ended it; what came was written',
    failed: 'the run failed; see its messages',
  }[reason];
}

/** What stap asks to be run again with, less what is no file or would change nothing. */
function missingModules(messages: string): readonly string[] {
  const named = [...messages.matchAll(/rerun with 'stap -d (\/[^'\n]+)'/g)].map(([, file]) => file!);
  return [...new Set(named)].filter((file) => !file.endsWith(' (deleted)') && !file.includes('.#prelink#.'));
}

function say(line: string): void {
  process.stderr.write(`stapflame: ${forTerminal(line)}\n`);
}
