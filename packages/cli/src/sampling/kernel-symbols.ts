import { open } from 'node:fs/promises';
import type { ScriptOptions } from '@stapflame/stap-script';
import { textOf } from './sampled-process.ts';

const MOST_BYTES = 1 << 26;
const FUNCTION = /^[0-9a-f]+ [tTwW] /;
/** Matches a line without an address. The kernel shows zeros to users who may not see its addresses. */
const HIDDEN = /^0+ /;

/** Returns this machine's kernel functions with their addresses, if kernel stacks are sampled and we may read them. */
export async function kernelSymbols({ user, kernel }: ScriptOptions): Promise<string | undefined> {
  if (kernel !== true && user === true) return undefined;
  const handle = await open('/proc/kallsyms').catch(() => undefined);
  if (!handle) return undefined;
  const text = await textOf(handle, MOST_BYTES).finally(() => handle.close());
  const functions = text.split('\n').filter((line) => FUNCTION.test(line) && !HIDDEN.test(line));
  return functions.length === 0 ? undefined : functions.map((line) => `${line}\n`).join('');
}
