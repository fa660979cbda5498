import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { until } from './until.ts';

/** Reads a figure about a process from /proc, such as `rchar` in `io` or `VmHWM` (kB) in `status`. */
export function figure(pid: number, file: 'io' | 'status', name: string): number {
  const found = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'));
  return Number(found![1]);
}

/** Whether the process exists and has not ended. */
export function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Whether all threads of a process are waiting, so that it cannot do anything more for now. */
export function isAsleep(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) =>
    /\) S /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
  );
}

/** Returns a process's open files by descriptor. Names of removed files end in ` (deleted)`. */
function descriptorsOf(pid: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    try {
      found.set(descriptor, readlinkSync(`/proc/${pid}/fd/${descriptor}`));
    } catch {
      // the file was closed in the meantime
    }
  }
  return found;
}

export function openFiles(pid: number): readonly string[] {
  return [...descriptorsOf(pid).values()];
}

/** Returns a process's position in a file that it reads from start to end. */
export function positionIn(pid: number, file: string): number {
  for (const [descriptor, name] of descriptorsOf(pid)) {
    if (name !== file) continue;
    return Number(/^pos:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8'))![1]);
  }
  throw new Error(`process ${pid} has not opened ${file}`);
}

/**
 * Sends a signal and waits until the process has received it. Otherwise, the kernel could merge it with the next
 * signal.
 */
export async function signal(child: ChildProcess, name: NodeJS.Signals): Promise<void> {
  const bit = 1n << BigInt(constants.signals[name] - 1);
  child.kill(name);
  await until(`process ${child.pid} takes ${name}`, () => {
    if (!isRunning(child.pid!)) return true;
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const pending = Array.from(status.matchAll(/^(?:Sig|Shd)Pnd:\s*(\w+)$/gm), ([, mask]) => `0x${mask}`);
    return pending.every((mask) => (BigInt(mask) & bit) === 0n);
  });
}
