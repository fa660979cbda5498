import type { Selection } from '@stapflame/stacks';
import { InvalidArgumentError, type Command } from 'commander';
import { Group } from '../help/groups.ts';

/** Flags that select stacks and frames, as commander returns them. Each is a field of {@link Selection}. */
export type SelectFlags = Pick<Selection, (typeof FIELDS)[number]>;

const FIELDS = [
  'focus',
  'ignore',
  'hide',
  'show',
  'showFrom',
  'base',
  'skipAfter',
  'collapseRecursion',
] as const;

export function addSelectOptions(command: Command): Command {
  return command
    .optionsGroup(Group.SELECTION)
    .option('--focus <regex>', 'keep only stacks with a frame that matches', expression)
    .option('--ignore <regex>', 'leave out stacks with a frame that matches', expression)
    .option('--hide <regex>', 'leave out frames that match', expression)
    .option('--show <regex>', 'leave out frames that do not match', expression)
    .option(
      '--show-from <regex>',
      'keep only stacks with a frame that matches, and start each at its outermost such frame',
      expression,
    )
    .option(
      '--base <name>',
      'keep only stacks with this frame, and start each at this frame; may be repeated',
      append,
    )
    .option(
      '--skip-after <name>',
      'start each stack at the innermost frame with this name; may be repeated',
      append,
    )
    .option('--collapse-recursion', 'merge consecutive frames with the same name into one');
}

/** Returns which stacks and frames to keep, or `undefined` to keep everything. */
export function selectionOf(flags: SelectFlags): Selection | undefined {
  const given = FIELDS.flatMap((field) =>
    flags[field] === undefined ? [] : [[field, flags[field]] as const],
  );
  return given.length === 0 ? undefined : (Object.fromEntries(given) as Selection);
}

/** Parses a regular expression. As in pprof, `(?i)` at its start makes it ignore case. */
export function expression(text: string): RegExp {
  const [, modifiers = '', source = text] = /^\(\?([ims]+)\)([^]*)$/.exec(text) ?? [];
  try {
    return new RegExp(source, modifiers);
  } catch (error) {
    const reason = (error as Error).message.replace(/^[^]*: /, '');
    throw new InvalidArgumentError(`expected a regular expression (${reason}).`);
  }
}

const append = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
