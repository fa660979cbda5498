import { EXAMPLES, type Example } from './examples.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { ShownCommand } from './surface.ts';

/** Returns the manual page as roff source. Its contents come from the same table as the help. */
export function manualPage(version: string, description: string, commands: readonly ShownCommand[]): string {
  const chapters = commands.flatMap(({ name, description: said, usage, options, examples }) => [
    `.SS ${name}`,
    `.B ${text(usage)}`,
    '.PP',
    text(`${sentence(said)}`),
    ...options.flatMap((option) => ['.TP', `.B ${text(option.term)}`, text(option.description)]),
    ...exampleLines(examples),
  ]);
  return `${[
    `.TH STAPFLAME 1 "" "stapflame ${text(version)}" "User commands"`,
    '.SH NAME',
    `stapflame \\- ${text(description.charAt(0).toLowerCase() + description.slice(1))}`,
    '.SH SYNOPSIS',
    '.B stapflame',
    '.I command',
    '[options] [file ...]',
    ...exampleLines(EXAMPLES['stapflame']!),
    '.SH COMMANDS',
    ...chapters,
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, text(sentence(meaning))]),
  ].join('\n')}\n`;
}

function exampleLines(examples: readonly Example[]): readonly string[] {
  return examples.flatMap(([line, effect]) => [
    '.PP',
    text(`${sentence(effect)}`),
    '.PP',
    '.nf',
    '.RS',
    text(line),
    '.RE',
    '.fi',
  ]);
}

function sentence(said: string): string {
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}${said.endsWith('.') ? '' : '.'}`;
}

/** Escapes a string so that roff does not interpret any of it as a request. */
function text(plain: string): string {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('\n', ' ')
    .replace(/^(?=[.'])/, '\\&');
}
