import { writeSync } from 'node:fs';
import type { TraceFacts, TraceSpec } from './kinds.ts';
import { generateTrace } from './trace.ts';

/**
 * Writes a trace to a file descriptor, at most `chunk` bytes per write. Returns `undefined` if a pipe's reader
 * exits before the end.
 */
export function writeTrace(spec: TraceSpec, fd: number, chunk: number): TraceFacts | undefined {
  const blocks = generateTrace(spec);
  for (;;) {
    const next = blocks.next();
    if (next.done) return next.value;
    try {
      for (let at = 0; at < next.value.length;) {
        at += writeSync(fd, next.value, at, Math.min(chunk, next.value.length - at));
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return undefined;
      throw error;
    }
  }
}
