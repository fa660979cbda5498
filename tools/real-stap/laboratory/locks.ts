/** A probe in the C of `stap -p3`, and the globals whose lock it takes for itself alone. */
export interface ProbeLocks {
  readonly point: string;
  readonly exclusive: readonly string[];
}

const PROBE = /^static void (probe_\d+) \(struct context \* __restrict__ c\) \{$([\s\S]*?)^\}$/gm;
const POINT = /Internal Error: Probe (.*) generated in/;
const LOCK = /\.lock = global_lock\(s___global_(\w+)\),\s*\.write_p = 1,/g;

/** Reads which locks each probe of a translated script takes. */
export function locksOf(c: string): readonly ProbeLocks[] {
  return [...c.matchAll(PROBE)].map(([, name, body]) => ({
    point: POINT.exec(body!)?.[1] ?? name!,
    exclusive: [...body!.matchAll(LOCK)].map(([, global]) => global!),
  }));
}
