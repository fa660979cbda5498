import { renderFindings, renderFixes, sampleAgainText, type Finding, type Fix } from '@stapflame/stap-doctor';
import { forTerminal } from './terminal.ts';

/** The wording of each finding about a file, by the finding's code. `%` is replaced by the share of samples. */
const OF_FILES: Readonly<Record<string, string>> = {
  'symbols-missing': 'no names',
  'symbols-exported-only': 'only names of exported functions',
  'unwind-data-missing': 'no unwind data, so stacks end here',
  'module-replaced': 'replaced after the process started',
  'module-unreadable': 'cannot be read',
  'stacks-stop': '% of samples end here',
  'frames-nameless': '% of samples contain unnamed frames',
  'frames-exported':
    '% of samples contain frames that may show the name of the nearest exported function instead',
  'frames-vdso': '% of samples contain vDSO frames',
  'frames-unknown': '% of samples contain frames outside every known file',
};

/** Maximum number of files to list as text. JSON lists all files, even those with negligible shares. */
const MAX_FILES = 40;

/** Returns the findings as text: first general findings with their fixes, then one line for each file. */
export function findingsText(findings: readonly Finding[], fixAll: readonly Fix[]): string {
  const files = findings.filter(({ code }) => Object.hasOwn(OF_FILES, code));
  const others = findings.filter(({ code }) => !Object.hasOwn(OF_FILES, code));
  const blocks: (readonly string[])[] = [];
  if (files.length > 0) blocks.push(fileLines(files));
  if (fixAll.length > 0) blocks.push(['To get the symbols of all these files:', ...renderFixes(fixAll)]);
  if (blocks.length === 0 && others.length === 0)
    blocks.push(['Nothing prevents sampling, and nothing lacks symbols.']);
  const below = blocks.map((lines) => `${lines.map(forTerminal).join('\n')}\n`);
  return [...(others.length > 0 ? [renderFindings(others)] : []), ...below].join('\n');
}

/** Returns lines such as `libfoo.so.1  31 % of samples end here  →  apt-get install libfoo1-dbgsym`. */
function fileLines(findings: readonly Finding[]): readonly string[] {
  const shown = findings.filter(({ values }) => !values['share']?.startsWith('under')).slice(0, MAX_FILES);
  const names = shown.map(({ values }) => baseName(values['module'] ?? ''));
  const texts = shown.map(({ code, values }) => OF_FILES[code]!.replace('%', () => values['share'] ?? ''));
  const widths = [names, texts].map((column) => Math.max(...column.map((text) => text.length)));
  const lines = shown.map(({ fixes, cause }, i) =>
    `${names[i]!.padEnd(widths[0]!)}  ${texts[i]!.padEnd(widths[1]!)}  →  ${remedy(fixes) ?? cause}`.trimEnd(),
  );
  const hidden = findings.length - shown.length;
  return hidden > 0 ? [...lines, `and ${hidden} more; --json lists them all`] : lines;
}

/** Returns the first command if it sets a debuginfod server, otherwise the last command, which installs a package. */
function remedy([fix]: readonly Fix[]): string | undefined {
  const [first] = fix?.commands ?? [];
  const again = fix?.again === undefined ? undefined : sampleAgainText(fix.again);
  return (first?.startsWith('export ') ? first : fix?.commands.at(-1)) ?? again ?? fix?.effect;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
