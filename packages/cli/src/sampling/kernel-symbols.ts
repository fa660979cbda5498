import { open } from 'node:fs/promises';
import type { ScriptOptions } from '@stapflame/stap-script';
import { textOf } from './sampled-process.ts';

const MOST_BYTES = 1 << 26;
const FUNCTION = /^[0-9a-f]+ [tTwW] /;
/** Matches a line without an address. To users who are not allowed to see addresses, the kernel shows zeros instead. */
const HIDDEN = /^0+ /;

/**
 * Returns this machine's kernel functions with their addresses. Returns `undefined` if no kernel stacks are sampled or
 * this process is not allowed to see the addresses.
 */
export async function kernelSymbols({ user, kernel }: ScriptOptions): Promise<string | undefined> {
  if (kernel !== true && user === true) return undefined;
  const handle = await open('/proc/kallsyms').catch(() => undefined);
  if (!handle) return undefined;
  const text = await textOf(handle, MOST_BYTES).finally(() => handle.close());
  const functions = text.split('\n').filter((line) => FUNCTION.test(line) && !HIDDEN.test(line));
  return functions.length === 0 ? undefined : functions.map((line) => `${line}\n`).join('');
}
