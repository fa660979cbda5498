import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { isPicture, tabbedPage, type NamedPicture } from '@stapflame/svg-renderer';
import type { Command } from 'commander';
import { CliError, Exit } from '../exit.ts';
import { Group } from '../help/groups.ts';
import { pathOf } from '../io/file-names.ts';
import { reasonNotOpened } from '../io/inputs.ts';
import { withOutput } from '../io/with-output.ts';
import { forTerminal } from '../terminal.ts';

interface TabsFlags {
  readonly title: string;
  readonly output?: string;
}

export function addTabsCommand(program: Command): void {
  program
    .command('tabs')
    .description('put several pictures into one page, with a tab for each')
    .argument('<svg...>', 'pictures drawn by render, flame or diff; each tab is named after its file')
    .optionsGroup(Group.OUTPUT)
    .option('--title <text>', 'title of the page', 'Flame graphs')
    .option('-o, --output <file>', 'write to a file instead of standard output')
    .action(async (files: string[], { title, output }: TabsFlags) => {
      // All pictures are checked before the first one is written, because output to a pipe cannot be undone.
      for (const file of files) readPicture(file);
      await withOutput(output, async (page) => {
        for (const piece of tabbedPage(title, readPictures(files))) await page.write(Buffer.from(piece));
      });
    });
}

/** Reads each picture just before it is written, so that only one picture is in memory. */
function* readPictures(files: readonly string[]): Generator<NamedPicture> {
  for (const file of files) yield readPicture(file);
}

function readPicture(file: string): NamedPicture {
  const svg = textOf(file);
  if (!isPicture(svg))
    throw new CliError(
      Exit.DATA,
      `${forTerminal(file)}: expected an SVG that stapflame drew; draw one with stapflame render -o flame.svg`,
    );
  return { name: basename(file, extname(file)), svg };
}

function textOf(file: string): string {
  try {
    return readFileSync(pathOf(file), 'utf8');
  } catch (error) {
    throw new CliError(Exit.NO_INPUT, `cannot open ${forTerminal(file)}: ${reasonNotOpened(error)}`, error);
  }
}
