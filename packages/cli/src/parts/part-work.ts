import type { FolderSummary } from '@stapflame/folder';
import type { TracePart } from '@stapflame/stap-parser';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import type { ExitCode } from '../exit.ts';
import type { Range } from './ranges.ts';

/** What a thread is to fold. */
export interface PartWork {
  /** Of the trace; all threads read from it, each at its own place. */
  readonly descriptor: number;
  readonly range: Range;
  /** The header line of the trace with its line feed, or nothing. */
  readonly header: string;
  readonly flags: TraceFlags & NameFlags & FoldFlags;
  /** Two words of 32 bits: anything but 0 ends reading; how many bytes were read, modulo 2^32. */
  readonly control: SharedArrayBuffer;
}

/** What a thread has folded. */
export interface PartDone {
  /** Of a temporary file of sorted folded text, without comments; the receiver closes it. */
  readonly descriptor: number;
  readonly part: TracePart;
  readonly folded: FolderSummary;
  readonly namesGivenUp: boolean;
  /** All of its range was read. */
  readonly isWhole: boolean;
}

/** What ended a thread. */
export interface PartFailed {
  readonly failed: string;
  readonly exitCode: ExitCode;
  readonly stack: string;
  readonly isNoMemory: boolean;
}
