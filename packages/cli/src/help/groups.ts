/** The headings for a command's options in the help. Headings without options are not shown. */
export const Group = {
  SAMPLING: 'What to sample:',
  PLACE: 'Where to sample:',
  INPUT: 'Input:',
  LABELS: 'Frames and labels:',
  NAMES: 'Names:',
  SYMBOLS: 'Name lookup:',
  SELECTION: 'Stacks and frames to keep:',
  COMPARISON: 'Comparison:',
  TABLE: 'Table:',
  PICTURE: 'Picture:',
  RESOURCES: 'Resources:',
  OUTPUT: 'Output:',
} as const;

/** The headings for commands in the help. */
export const COMMAND_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Draw and fold:': ['flame', 'fold', 'render', 'parse', 'tabs'],
  'Analyse profiles:': ['top', 'peek', 'tree', 'diff'],
  'Sample:': ['record', 'script', 'doctor'],
  'Merge and split files:': ['merge', 'split'],
  'About this program:': ['completion', 'man', 'version', 'help'],
};

/** Returns the heading for a command. */
export function groupOf(command: string): string {
  const [heading = ''] =
    Object.entries(COMMAND_GROUPS).find(([, commands]) => commands.includes(command)) ?? [];
  return heading;
}
