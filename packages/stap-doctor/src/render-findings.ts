import type { Evidence, Finding, Fix } from './finding.ts';
import { shown } from './messages/read-message.ts';

/**
 * Findings as lines for a terminal: what, cause, what was seen, and what to type with its risk and its undo. Text
 * that came from elsewhere shows no control character.
 */
export function renderFindings(findings: readonly Finding[]): string {
  return findings.map((finding) => `${lines(finding).map(shown).join('\n')}\n`).join('\n');
}

function lines(finding: Finding): readonly string[] {
  const { code, severity, obstacle, meaning, cause, fixes, evidence, links } = finding;
  const head = `${severity}${obstacle === undefined ? '' : ` (${obstacle})`}: ${code}`;
  return [
    `${head}${seenAt(evidence)}`,
    `  ${meaning}`,
    `  Cause: ${cause}`,
    ...(evidence === undefined
      ? []
      : evidence.text.split('\n').map((text, at) => `  ${at === 0 ? 'Seen: ' : '      '} ${text}`)),
    ...fixes.flatMap((fix, at) => fixLines(fix, at === 0 ? 'Do:   ' : 'Or:   ')),
    ...(links.length === 0 ? [] : [`  Read:  ${links.join(', ')}`]),
  ];
}

function seenAt(evidence: Evidence | undefined): string {
  const { line, count = 1 } = evidence ?? {};
  const place = line === undefined ? [] : [`line ${line}`];
  const said = [...place, ...(count > 1 ? [`${count} times`] : [])];
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}

function fixLines({ commands, again, effect, risk, undo = [] }: Fix, label: string): readonly string[] {
  const add =
    commands.length === 0 && again !== undefined ? `Sample again with ${again.join(' ')}` : undefined;
  const sentence = [add, effect].filter((text) => text !== undefined).join(': ');
  const first = sentence === '' ? commands.slice(0, 1) : [sentence];
  return [
    `  ${label} ${first[0] ?? ''}`,
    ...commands.slice(sentence === '' ? 1 : 0).map((command) => `           ${command}`),
    ...(risk === undefined ? [] : [`         Risk: ${risk}`]),
    ...undo.map((command) => `         Undo: ${command}`),
  ];
}
