import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createScriptGenerator, type ScriptOptions } from '@stapflame/stap-script';
import type { Command } from 'commander';
import { withOutput } from '../io/with-output.ts';
import { wholeNumber } from './trace-options.ts';

interface ScriptFlags {
  readonly pid: number;
  readonly time: number;
  readonly user?: boolean;
  readonly kernel?: boolean;
  readonly limit?: number;
  readonly output?: string;
}

export function addScriptCommand(program: Command): void {
  program
    .command('script')
    .description('print the SystemTap script that samples a process')
    .requiredOption('-p, --pid <pid>', 'process to sample', wholeNumber)
    .requiredOption('-t, --time <seconds>', 'how long to sample', wholeNumber)
    .option('-u, --user', 'user stacks (default: both)')
    .option('-k, --kernel', 'kernel stacks (default: both)')
    .option(
      '-l, --limit <n>',
      'count in the kernel and print only the n stacks with most samples',
      wholeNumber,
    )
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .option('-q, --quiet', 'no messages')
    .action(async (flags: ScriptFlags) => {
      await withOutput(flags.output, [], (output) =>
        pipeline(Readable.from([scriptOptions(flags)]), createScriptGenerator(), output.stream()),
      );
    });
}

function scriptOptions({ pid, time, user, kernel, limit }: ScriptFlags): ScriptOptions {
  return {
    pid,
    seconds: time,
    user: user ?? false,
    kernel: kernel ?? false,
    ...(limit !== undefined && { limit }),
  };
}
