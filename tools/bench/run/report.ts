import type { Measurement } from './measure.ts';
import type { Row, Sizes, Target } from './rows.ts';

/** All runs of one entry, and what was wrong with them. */
export interface Result {
  readonly name: string;
  readonly runs: readonly Measurement[];
  readonly faults: readonly string[];
}

/** Formats a row as a Markdown section: medians, ratios, and targets. */
export function rowSection(row: Row, sizes: Sizes, results: readonly Result[]): string {
  const first = results.find(({ runs }) => runs.length > 0);
  const lines = [
    `### ${row.name}: ${row.title}`,
    '',
    '| | CPU s (least–most) | wall s | peak MiB | CPU ratio | output |',
    '|---|--:|--:|--:|--:|---|',
    ...results.map((result) => resultLine(result, first)),
  ];
  const verdicts = row.targets(sizes).flatMap((target) => verdict(target, results));
  return [...lines, ...(verdicts.length > 0 ? ['', ...verdicts] : []), ''].join('\n');
}

function resultLine({ name, runs, faults }: Result, first: Result | undefined): string {
  const outcome = faults.length === 0 ? 'right' : faults.join('; ').replaceAll('|', '\\|');
  if (runs.length === 0) return `| ${name} | | | | | ${outcome} |`;
  const cpu = runs.map((run) => run.cpu);
  const ratio = median(cpu) / median(first!.runs.map((run) => run.cpu));
  const cells = [
    name,
    `${median(cpu).toFixed(2)} (${Math.min(...cpu).toFixed(2)}–${Math.max(...cpu).toFixed(2)})`,
    median(runs.map((run) => run.wall)).toFixed(2),
    (median(runs.map((run) => run.rss)) / 2 ** 20).toFixed(0),
    ratio.toFixed(2),
    outcome,
  ];
  return `| ${cells.join(' | ')} |`;
}

const UNITS = { cpu: ['CPU s', 1], wall: ['wall s', 1], rss: ['peak MiB', 2 ** 20] } as const;

function verdict(target: Target, results: readonly Result[]): string[] {
  const value = quantity(target.entry, target.quantity, results);
  const other = target.other === undefined ? 0 : quantity(target.other, target.quantity, results);
  if (value === undefined || other === undefined) return [];
  const bound = (target.times ?? 0) * other + (target.plus ?? 0);
  const against = target.other === undefined ? '' : ` (${ratioText(value, other)} of ${target.other})`;
  const [unit, scale] = UNITS[target.quantity];
  const text = `${target.entry}: ${(value / scale).toFixed(2)} ${unit}${against}, at most ${(bound / scale).toFixed(2)}`;
  return [`- ${value <= bound ? 'reached' : '**missed**'}: ${text}`];
}

function ratioText(value: number, other: number): string {
  return value < other ? `1/${(other / value).toFixed(1)}` : `${(value / other).toFixed(2)}×`;
}

function quantity(name: string, key: Target['quantity'], results: readonly Result[]): number | undefined {
  const runs = results.find((result) => result.name === name)?.runs ?? [];
  return runs.length === 0 ? undefined : median(runs.map((run) => run[key]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
