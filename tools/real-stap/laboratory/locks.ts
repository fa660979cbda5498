/** A probe in the C code from `stap -p3`, and the globals that it locks exclusively. */
export interface ProbeLocks {
  readonly point: string;
  readonly exclusive: readonly string[];
  /** Whether a stack is unwound while the locks are held, so that other CPUs would have to wait. */
  readonly unwindsLocked: boolean;
}

const PROBE = /^static void (probe_\d+) \(struct context \* __restrict__ c\) \{$([\s\S]*?)^\}$/gm;
const POINT = /Internal Error: Probe (.*) generated in/;
const LOCK = /\.lock = global_lock\(s___global_(\w+)\),\s*\.write_p = 1,/g;

/** Finds the locks that each probe of a translated script takes. */
export function locksOf(c: string): readonly ProbeLocks[] {
  return [...c.matchAll(PROBE)].map(([, name, body]) => ({
    point: POINT.exec(body!)?.[1] ?? name!,
    exclusive: [...body!.matchAll(LOCK)].map(([, global]) => global!),
    unwindsLocked: unwindsLocked(body!),
  }));
}

const STEP = /stp_(un)?lock_probe|function___global_(?:print_)?u?backtrace__overload_\d+ \(c\)/g;

function unwindsLocked(body: string): boolean {
  let locked = false;
  for (const [text, un] of body.matchAll(STEP)) {
    if (text.startsWith('stp_')) locked = un === undefined;
    else if (locked) return true;
  }
  return false;
}
