import { InvalidArgumentError, type Command } from 'commander';
import { CliError, Exit } from '../exit.ts';
import { splitFile, type SplitFlags } from '../parts/split.ts';
import { size, wholeNumber } from './trace-options.ts';

export function addSplitCommand(program: Command): void {
  program
    .command('split')
    .description('cut a trace into smaller traces, or print where it can be cut')
    .argument('<trace>', 'file with an uncompressed SystemTap trace')
    .option(
      '-n, --number <parts>',
      'number of parts; there are fewer if there are too few places where the trace can be cut',
      atLeastOne(wholeNumber),
    )
    .option('--bytes <size>', 'approximate size of each part, such as 256M', atLeastOne(size))
    .option(
      '--print-ranges',
      "write no files; print each part's header length, start and end in bytes, separated by tabs",
    )
    .option('-o, --output <prefix>', "write the parts to PREFIX.1, PREFIX.2, … (default: the trace's name)")
    .action(async (file: string, flags: SplitFlags) => {
      if ((flags.number === undefined) === (flags.bytes === undefined))
        throw new CliError(Exit.USAGE, 'expected either the number of parts (-n) or their size (--bytes)');
      await splitFile(file, flags);
    });
}

function atLeastOne(parse: (text: string) => number): (text: string) => number {
  return (text) => {
    const value = parse(text);
    if (value < 1) throw new InvalidArgumentError('expected at least 1.');
    return value;
  };
}
