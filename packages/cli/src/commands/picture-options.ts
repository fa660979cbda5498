import { rendererOptionDocs, type RendererOptions } from '@stapflame/svg-renderer';
import type { Command } from 'commander';
import { decimalNumber } from './trace-options.ts';

/** Flags of the commands that draw, as commander gives them: the renderer's options under their own names. */
export type PictureFlags = Readonly<
  Partial<Record<(typeof rendererOptionDocs)[number]['name'], string | number | boolean>>
>;

export function addPictureOptions(command: Command): Command {
  for (const { name, kind, description } of rendererOptionDocs) {
    if (kind === 'flag') command.option(`--${name}`, description);
    else if (kind === 'number') command.option(`--${name} <number>`, description, decimalNumber);
    else command.option(`--${name} <text>`, description);
  }
  return command;
}

/** The flags that are the renderer's; it checks their values. */
export function rendererOptions(flags: PictureFlags): RendererOptions {
  const given = rendererOptionDocs.filter(({ name }) => flags[name] !== undefined);
  return Object.fromEntries(given.map(({ name }) => [name, flags[name]]));
}

/** The renderer's options behind a folder, which sorts, and turns stacks around itself where that is asked for. */
export function afterFolder(flags: PictureFlags): RendererOptions {
  const { reverse: _, ...options } = rendererOptions(flags);
  return { ...options, sorted: true };
}
