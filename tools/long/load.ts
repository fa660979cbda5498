import type { Measurement } from '../bench/run/measure.ts';
import { MOST_MEMORY } from '../bench/run/rows.ts';
import { courseFaults, type Course } from './memory.ts';

/** The directory, seed and command for a load. */
export interface Setting {
  readonly dir: string;
  readonly seed: number;
  /** The command without its subcommand. */
  readonly stapflame: readonly string[];
}

/** A load of a minute or more. */
export interface Load {
  readonly name: string;
  readonly title: string;
  readonly run: (setting: Setting) => Promise<Outcome>;
}

export interface Outcome {
  readonly measurement: Measurement;
  /** How memory developed, if it must stay flat under this load. */
  readonly memory?: { readonly course: Course | undefined };
  /** The result, in a few words. */
  readonly answer: string;
  /** What was wrong with the answer. */
  readonly faults: readonly string[];
}

/** Returns what was wrong with the answer and the memory use. */
export function faultsOf({ measurement, memory, faults }: Outcome): string[] {
  const peak =
    measurement.rss > MOST_MEMORY
      ? [`peak of ${mebibytes(measurement.rss)} MiB, not at most ${mebibytes(MOST_MEMORY)}`]
      : [];
  return [...faults, ...peak, ...(memory ? courseFaults(memory.course) : [])];
}

/** Returns a line of the table: load, peak, memory at 20 s and at the end, CPU and wall time, answer or faults. */
export function lineOf(title: string, outcome: Outcome): string {
  const { measurement, memory, answer } = outcome;
  const faults = faultsOf(outcome);
  const cells = [
    title,
    `${mebibytes(measurement.rss)} MiB`,
    memory?.course ? `${mebibytes(memory.course.early)}, ${mebibytes(memory.course.late)} MiB` : '–',
    `${measurement.cpu.toFixed(1)} s`,
    `${measurement.wall.toFixed(0)} s`,
    faults.length === 0 ? answer : `**wrong**: ${faults.join('; ')}`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
