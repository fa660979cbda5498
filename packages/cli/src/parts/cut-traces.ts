import { kindAmong, STACKS, STAP } from '../inputs/table.ts';
import { cutAt, outlineOf, type Outline } from './ranges.ts';
import type { CutFile, Cutter } from './shares.ts';

/** A trace file that is split so that several threads can read it. */
export interface CutTraceFile extends CutFile {
  readonly outline: Outline;
}

/** Splits traces between records. */
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

/** Whether a file's first bytes look like a SystemTap trace. A file of unknown kind is treated as a SystemTap trace. */
export function isTrace(head: Uint8Array): boolean {
  return (kindAmong(STACKS, head) ?? STAP) === STAP;
}
