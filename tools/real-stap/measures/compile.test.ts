import { expect, it } from 'vitest';
import type { ScriptOptions } from '@stapflame/stap-script';
import { compileTimed, type CompileTimes } from '../laboratory/compile-timed.ts';
import { prepare, target } from '../laboratory/machine.ts';

/** The parts of a frame that the script prints. */
const PRINTED = {
  names: { pid: 4100, seconds: 30 },
  addresses: { pid: 4100, seconds: 30, addresses: true },
} as const satisfies Readonly<Record<string, ScriptOptions>>;

it('measures the cost of compiling a script, with names and with addresses only', async () => {
  const laboratory = prepare();
  const times: Record<string, CompileTimes> = {};
  for (const [printed, options] of Object.entries(PRINTED))
    times[printed] = await compileTimed(laboratory, options, target(laboratory, 'known'));
  console.table(times);
  expect(Object.values(times).every(({ cold, warm }) => cold > warm)).toBe(true);
});
