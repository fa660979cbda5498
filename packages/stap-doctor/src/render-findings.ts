import type { Evidence, Finding, Fix } from './finding.ts';
import { sampleAgainText } from './messages/sampling-flags.ts';
import { shown } from './messages/read-message.ts';

const INDENT = ' '.repeat(8);
/**
 * The document that has a section about each finding. The CLI includes a copy of it for machines without a network.
 */
const PAGE = 'https://github.com/stapflame/stapflame/blob/main/docs/troubleshooting.md';

/**
 * Renders findings as text for people: meaning, cause, evidence, and fixes. Each fix follows an arrow and includes its
 * risk and how to undo it. Control characters in quoted text are replaced.
 */
export function renderFindings(findings: readonly Finding[]): string {
  return findings.map((finding) => `${lines(finding).map(shown).join('\n')}\n`).join('\n');
}

/** Renders fixes as lines. Each fix follows an arrow, with its details below. */
export function renderFixes(fixes: readonly Fix[]): readonly string[] {
  return fixes.flatMap((fix) => fixLines(fix).map((line, at) => `${at === 0 ? '→' : ' '} ${line}`));
}

function lines({ code, severity, meaning, cause, fixes, evidence, links }: Finding): readonly string[] {
  const below = [
    cause,
    ...seen(evidence),
    ...renderFixes(fixes),
    `See ${[`${PAGE}#${code}`, ...links].join(', ')}`,
  ];
  return [`${severity.padEnd(INDENT.length)}${meaning}`, ...below.map((line) => `${INDENT}${line}`)];
}

/** Renders the evidence, with its line number and how often it was found. */
function seen(evidence: Evidence | undefined): readonly string[] {
  if (evidence === undefined) return [];
  const { text, line, count = 1 } = evidence;
  const place = [
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(count > 1 ? [`${count} times`] : []),
  ].join(', ');
  return text.split('\n').map((each, at) => (at === 0 && place !== '' ? `${place}: ${each}` : `  ${each}`));
}

function fixLines({ commands, again, effect, risk, undo = [] }: Fix): readonly string[] {
  const add = commands.length === 0 && again !== undefined ? [sampleAgainText(again)] : [];
  const first = [...commands, ...add];
  return [
    ...first,
    ...(effect === undefined ? [] : [effect]),
    ...(risk === undefined ? [] : [`Risk: ${risk}`]),
    ...(undo.length === 0 ? [] : [`Undo: ${undo.join('; ')}`]),
  ];
}
