import type { FolderSummary } from '@stapflame/folder';
import type { TracePart } from '@stapflame/stap-parser';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import type { ExitCode } from '../exit.ts';
import type { Range } from './ranges.ts';

/** What a thread is to fold. */
export interface PartWork {
  /** Of the trace. All threads read from it, each at another offset. */
  readonly descriptor: number;
  readonly range: Range;
  /** The header line of the trace with its line feed, or an empty text. */
  readonly header: string;
  readonly flags: TraceFlags & NameFlags & FoldFlags;
  /** Two words of 32 bits: the first ends reading if it is not 0; the second counts bytes read, modulo 2^32. */
  readonly control: SharedArrayBuffer;
}

/** What a thread has folded. */
export interface PartDone {
  /** Of a temporary file of sorted folded text, without comments; the receiver closes it. */
  readonly descriptor: number;
  readonly part: TracePart;
  readonly folded: FolderSummary;
  readonly namesGivenUp: boolean;
  /** Its whole range was read. */
  readonly isWhole: boolean;
}

/** Why a thread failed. */
export interface PartFailed {
  readonly failed: string;
  readonly exitCode: ExitCode;
  readonly stack: string;
  readonly isNoMemory: boolean;
}
