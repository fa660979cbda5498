import { addLosses, LOSSES, SAMPLES, type Facts, type Losses } from '../facts.ts';
import { weightText } from '../weight.ts';

/**
 * Reads and writes facts in folded text: `# stapflame KEY=VALUE …` lines, and `# stapflame incomplete KIND=N …` for
 * losses. None of these lines ends in a blank and a number, so flamegraph.pl and inferno ignore them.
 */

const COMMENT = /^# stapflame (incomplete )?((?:[a-z]+=\S*(?: |$))+)$/;

/** Returns these facts as comment lines that end in line feeds, or an empty string if there is nothing to write. */
export function factsText(facts: Facts): string {
  const {
    unit = SAMPLES,
    period,
    start,
    duration,
    reversed,
    base,
    host,
    kernel,
    losses = {},
    beyondLimit,
    filtered,
    exportedOnly,
    inexact,
  } = facts;
  const words = [
    ...(unit === SAMPLES ? [] : [['unit', unit]]),
    ...(period === undefined ? [] : [['period', period]]),
    ...(start === undefined ? [] : [['start', start]]),
    ...(duration === undefined ? [] : [['duration', duration]]),
    ...(reversed === true ? [['reversed', 'yes']] : []),
    ...(base ?? []).map((label) => ['base', label]),
    ...(host === undefined ? [] : [['host', host]]),
    ...(kernel === undefined ? [] : [['kernel', kernel]]),
    ...(beyondLimit === undefined ? [] : [['beyondlimit', beyondLimit]]),
    ...(filtered === undefined ? [] : [['filtered', weightText(filtered)]]),
    ...(exportedOnly === undefined ? [] : [['exportedonly', weightText(exportedOnly)]]),
    ...(inexact === true ? [['inexact', 'yes']] : []),
  ].map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return commentOf('', words) + lossesText(losses);
}

/** Returns the comment line that reports these losses, or an empty string if there are none. */
export function lossesText(losses: Losses): string {
  const lost = LOSSES.flatMap((kind) => ((losses[kind] ?? 0) > 0 ? [`${kind}=${losses[kind]}`] : []));
  return commentOf('incomplete ', lost);
}

function commentOf(kind: string, words: readonly string[]): string {
  return words.length === 0 ? '' : `# stapflame ${kind}${words.join(' ')}\n`;
}

/** Adds the facts in another comment line to the facts known so far. Losses are added up. */
export function addComment(known: Facts, line: string): Facts {
  const { losses, ...facts } = readFacts(line);
  return { ...known, ...facts, ...(losses && { losses: addLosses(known.losses, losses) }) };
}

/** Returns the facts in a comment line. A line not written by stapflame has no facts. */
function readFacts(line: string): Facts {
  const match = COMMENT.exec(line);
  if (!match) return {};
  const words = match[2]!
    .trim()
    .split(' ')
    .map((word) => [word.slice(0, word.indexOf('=')), decoded(word.slice(word.indexOf('=') + 1))] as const);
  if (match[1] !== undefined) return { losses: lossesOf(words) };
  const values = new Map(words);
  const number = (key: string): number | undefined =>
    /^\d{1,15}(?:\.\d{1,9})?$/.test(values.get(key) ?? '') ? Number(values.get(key)) : undefined;
  const [unit, host, kernel] = ['unit', 'host', 'kernel'].map((key) => values.get(key));
  const [period, start, duration, beyondLimit, filtered, exportedOnly] = [
    'period',
    'start',
    'duration',
    'beyondlimit',
    'filtered',
    'exportedonly',
  ].map(number);
  const base = words.filter(([key]) => key === 'base').map(([, label]) => label);
  return {
    ...(unit !== undefined && unit !== SAMPLES && { unit }),
    ...(period !== undefined && { period }),
    ...(start !== undefined && { start }),
    ...(duration !== undefined && { duration }),
    ...(values.get('reversed') === 'yes' && { reversed: true }),
    ...(base.length > 0 && { base }),
    ...(host !== undefined && { host }),
    ...(kernel !== undefined && { kernel }),
    ...(beyondLimit !== undefined && { beyondLimit }),
    ...(filtered !== undefined && { filtered }),
    ...(exportedOnly !== undefined && { exportedOnly }),
    ...(values.get('inexact') === 'yes' && { inexact: true }),
  };
}

function lossesOf(words: readonly (readonly [string, string])[]): Losses {
  return Object.fromEntries(
    words
      .filter(([key, value]) => LOSSES.some((kind) => kind === key) && /^\d{1,15}$/.test(value))
      .map(([key, value]) => [key, Number(value)] as const),
  );
}

/** Decodes a value. A value that is not correctly encoded is returned unchanged. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
