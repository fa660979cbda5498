/** The headings under which the help lists options; each appears only where a command has one of them. */
export const Group = {
  SAMPLING: 'What to sample:',
  PLACE: 'Where to sample:',
  INPUT: 'Input:',
  LABELS: 'Frames and labels:',
  NAMES: 'Names:',
  SYMBOLS: 'Missing names:',
  SELECTION: 'Which stacks:',
  COMPARISON: 'Comparison:',
  TABLE: 'Table:',
  PICTURE: 'Picture:',
  RESOURCES: 'Memory and temporary files:',
  OUTPUT: 'Output:',
} as const;

/** The headings under which the help lists commands. */
export const COMMAND_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Draw and fold:': ['flame', 'fold', 'render', 'parse', 'tabs'],
  'Read the figures:': ['top', 'peek', 'tree', 'diff'],
  'Sample:': ['record', 'script', 'doctor'],
  'Many files, large files:': ['merge', 'split'],
  'About this program:': ['completion', 'man', 'version', 'help'],
};

/** A command's heading. */
export function groupOf(command: string): string {
  const [heading = ''] =
    Object.entries(COMMAND_GROUPS).find(([, commands]) => commands.includes(command)) ?? [];
  return heading;
}
