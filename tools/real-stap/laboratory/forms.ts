import type { ScriptOptions } from '@stapflame/stap-script';
import { target, type Laboratory } from './machine.ts';

/** The length of each run in the table, in seconds. */
export const SECONDS = 2;
const FREQUENCY = 99;
const TIMES = { seconds: SECONDS, frequency: FREQUENCY } as const satisfies ScriptOptions;

/** A sampling mode, and what `known` does meanwhile. */
export interface Form {
  readonly name: string;
  readonly options: ScriptOptions;
  /** Arguments of `known`. */
  readonly words?: string;
  /** Whether this samples user stacks of the thread that is always busy, whose samples and shares are known. */
  readonly shares: boolean;
}

/** The expected number of samples of a busy thread in each run. */
export const EXPECTED: number = SECONDS * FREQUENCY;

/** Returns the modes that the README names. */
export function formsOn(laboratory: Laboratory): readonly Form[] {
  const known = target(laboratory, 'known');
  return [
    { name: 'user', ...busy({ pid: 4100, user: true }) },
    { name: 'kernel', ...busy({ pid: 4200, kernel: true }), shares: false },
    { name: 'both', ...busy({ pid: 4300 }) },
    { name: 'off-CPU', ...busy({ pid: 4400, kind: 'off-cpu' }, '60 naps'), shares: false },
    { name: '-l', ...busy({ pid: 4500, user: true, limit: 100, mode: 'aggregate' }) },
    { name: '--tree', ...busy({ pid: 4600, user: true, tree: true }, '60 child') },
    { name: '--system', options: { ...TIMES, system: true, user: true }, shares: true },
    { name: '-c', options: { ...TIMES, command: `${known} ${SECONDS + 2}`, user: true }, shares: true },
  ];
}

function busy(options: ScriptOptions, words = '60'): Omit<Form, 'name'> {
  return { options: { ...TIMES, ...options }, words, shares: true };
}
