import { readdir, readFile } from 'node:fs/promises';
import type { ScriptOptions } from '@stapflame/stap-script';

/** Maximum number of processes whose data is saved. */
const MOST_PROCESSES = 512;

/** Returns the processes on this machine that would be sampled now with these options. */
export async function sampledPids({ pid, pids, system, tree }: ScriptOptions): Promise<readonly number[]> {
  const named = [...(pid === undefined ? [] : [pid]), ...(pids ?? [])];
  if (system !== true && tree !== true) return named;
  const all = await processes();
  const sampled = system === true ? all.map((each) => each.pid) : [...named, ...descendants(named, all)];
  return sampled.slice(0, MOST_PROCESSES);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
}

async function processes(): Promise<readonly Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const found: Process[] = [];
  for (const name of names.filter((each) => /^\d+$/.test(each))) {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
    if (parent !== undefined) found.push({ pid: Number(name), parent: Number(parent) });
  }
  return found;
}

function descendants(roots: readonly number[], all: readonly Process[]): readonly number[] {
  const found = new Set<number>();
  let parents = new Set(roots);
  while (parents.size > 0) {
    const children = all.filter(({ pid, parent }) => parents.has(parent) && !found.has(pid));
    for (const { pid } of children) found.add(pid);
    parents = new Set(children.map(({ pid }) => pid));
  }
  return [...found].filter((pid) => !roots.includes(pid));
}
