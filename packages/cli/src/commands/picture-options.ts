import { readFileSync } from 'node:fs';
import { rendererOptionDocs, type OptionDoc, type RendererOptions } from '@stapflame/svg-renderer';
import { Option, type Command } from 'commander';
import { Group } from '../help/groups.ts';
import type { Treatment } from '../convert.ts';
import { CliError, Exit } from '../exit.ts';
import { pathOf } from '../io/file-names.ts';
import { withOutput } from '../io/with-output.ts';
import { forTerminal } from '../terminal.ts';
import { PALETTE_FILE } from './files.ts';
import { selectionOf, type SelectFlags } from './select-options.ts';
import { decimalNumber } from './trace-options.ts';

type Value = string | number | boolean | readonly string[];

/**
 * Flags for the drawing commands, as commander returns them. Flags that are renderer options are named as in the
 * renderer.
 */
export type PictureFlags = Readonly<Partial<Record<Exclude<OptionDoc['name'], 'base'>, Value>>> & {
  readonly sorted?: boolean;
  readonly cp?: boolean;
  readonly paletteMap?: string;
  readonly nameattr?: string;
};

/** Spellings that flamegraph.pl's documentation uses for options, and that the renderer's list of options lacks. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = { colors: ['color'] };

/** The renderer's options except `base`. `--base` selects stacks for every output, so select-options.ts declares it. */
const DOCS = rendererOptionDocs.filter(({ name }) => name !== 'base');

function aliasesOf({ name, aliases = [] }: OptionDoc): readonly string[] {
  return [...aliases, ...(SPELLINGS[name] ?? [])];
}

/** Options from other tools that are refused, each with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  'pretty-xml': 'the file is meant for viewers; xmllint --format makes it readable',
  'encoding <name>': 'the file is always UTF-8',
};

export function addPictureOptions(command: Command): Command {
  command.optionsGroup(Group.PICTURE);
  for (const doc of DOCS) {
    command.addOption(optionOf(doc, doc.name));
    for (const alias of aliasesOf(doc)) command.addOption(optionOf(doc, alias).hideHelp());
  }
  command
    .option(
      '--nameattr <file>',
      'file of titles and links, one name per line: name TAB title=… TAB href=https://…',
    )
    .option('--cp', "keep each name's colour in palette.map for later pictures")
    .option('--palette-map <file>', 'like --cp, but use this file')
    .addOption(new Option('--truncate-text-right', 'shorten labels on the right (always done)').hideHelp());
  for (const [flag, reason] of Object.entries(REFUSED)) {
    const name = flag.split(' ')[0]!;
    command.addOption(new Option(`--${flag}`).hideHelp());
    command.on(`option:${name}`, () => command.error(`error: --${name} is not needed here: ${reason}`));
  }
  return command;
}

function optionOf({ kind, repeats, description }: OptionDoc, name: string): Option {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (kind === 'flag') return new Option(flag, description);
  const option = new Option(`${flag} <${kind}>`, description);
  if (repeats) return option.argParser((text, before: readonly string[] = []) => [...before, text]);
  return kind === 'number' ? option.argParser(decimalNumber) : option;
}

/** Returns how to select and merge the stacks for a picture. A flame chart keeps the order of its input. */
export function pictureTreatment(flags: PictureFlags & SelectFlags): Treatment {
  const { reverse = false, flamechart } = rendererOptions(flags);
  const chosen = selectionOf(flags);
  const selection = reverse ? { ...chosen, reverse } : chosen;
  return { selection, merges: flamechart !== true };
}

/** Returns the renderer's options without `reverse`, which is applied before stacks are merged. */
export function drawingOptions(flags: PictureFlags): RendererOptions {
  const { reverse: _, ...rest } = rendererOptions(flags);
  return rest;
}

/** Converts the flags to the renderer's options, and reads the files that they name. */
function rendererOptions(flags: PictureFlags): RendererOptions {
  const given: [string, Value][] = [];
  for (const doc of DOCS) {
    const { name } = doc;
    for (const spelling of [name, ...aliasesOf(doc).map(camelCase)]) {
      const value = (flags as Readonly<Record<string, Value | undefined>>)[spelling];
      if (value !== undefined) given.push([name, value]);
    }
  }
  if (flags.sorted === true) given.push(['sorted', true]);
  const palette = paletteFile(flags);
  if (palette !== undefined) given.push(['cp', readText(palette, 'may be absent')]);
  if (flags.nameattr !== undefined) given.push(['nameattr', readText(flags.nameattr, 'must be there')]);
  return Object.fromEntries(given);
}

/** Returns the name under which commander stores a flag's value. */
function camelCase(flag: string): string {
  return flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Writes each name's colour if a flag asks for it. The file is written completely or not at all. */
export async function keepPalette(flags: PictureFlags, paletteMap: string | undefined): Promise<void> {
  const file = paletteFile(flags);
  if (file === undefined || paletteMap === undefined) return;
  await withOutput(file, (output) => output.write(Buffer.from(paletteMap)));
}

function paletteFile({ cp, paletteMap }: PictureFlags): string | undefined {
  return paletteMap ?? (cp === true ? PALETTE_FILE : undefined);
}

function readText(file: string, presence: 'may be absent' | 'must be there'): string {
  try {
    return readFileSync(pathOf(file), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (presence === 'may be absent' && code === 'ENOENT') return '';
    throw new CliError(Exit.NO_INPUT, `cannot read ${forTerminal(file)}: ${forTerminal(message)}`, error);
  }
}
