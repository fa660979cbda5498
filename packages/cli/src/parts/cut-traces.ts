import { kindAmong, STACKS, STAP } from '../inputs/table.ts';
import { cutAt, outlineOf, type Outline } from './ranges.ts';
import type { CutFile, Cutter } from './shares.ts';

/** A trace that is cut for several threads to read. */
export interface CutTraceFile extends CutFile {
  readonly outline: Outline;
}

/** Cuts traces between two records. */
export function traceCutter(kindIsGiven: boolean): Cutter<CutTraceFile> {
  return {
    open(_, descriptor, head) {
      const outline = kindIsGiven || isTrace(head) ? outlineOf(descriptor) : undefined;
      return outline && { outline };
    },
    rangesOf: ({ descriptor, outline }, places) => cutAt(descriptor, outline, places),
    headerOf({ outline }) {
      const { header } = outline.shape;
      return header === '' ? '' : `${header}\n`;
    },
  };
}

/** Whether the start of a file looks like a SystemTap trace. Unrecognised files are treated as SystemTap traces. */
export function isTrace(head: Uint8Array): boolean {
  return (kindAmong(STACKS, head) ?? STAP) === STAP;
}
