import type { FolderSummary } from '@stapflame/folder';
import type { Facts } from '@stapflame/stacks';
import type { TracePart, TraceRead } from '@stapflame/stap-parser';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import type { ExitCode } from '../exit.ts';
import type { Piece } from './shares.ts';

/** A thread's work. */
export interface PartWork {
  readonly input: 'traces' | 'folded';
  readonly pieces: readonly Piece[];
  readonly flags: TraceFlags & NameFlags & FoldFlags;
  /** The flags name the input's kind, so it need not be recognised. */
  readonly kindIsGiven: boolean;
  /** Two 32-bit words: the first ends reading if it is not 0; the second counts the bytes read, modulo 2^32. */
  readonly control: SharedArrayBuffer;
}

/** The result of reading a part of a trace. */
export interface PartRead {
  readonly kind: 'part';
  readonly part: TracePart;
  /** The part's whole range was read. */
  readonly isWhole: boolean;
}

/** The result of reading whole files. */
export interface FilesRead {
  readonly kind: 'files';
  readonly read: TraceRead;
  /** Why files ended early. */
  readonly brokenOff: readonly string[];
  /** The file in which a signal ended reading. */
  readonly stoppedIn?: { readonly name: string; readonly bytes: number };
  /** Files that were not read because of the signal. */
  readonly left: readonly string[];
  /** One of the files is not a SystemTap trace. */
  readonly isOther: boolean;
}

/** The result of reading a folded text or a part of one. */
export interface FoldedRead {
  readonly kind: 'folded';
  /** The descriptor that a file's parts have in common; absent for a whole file. */
  readonly descriptor?: number;
  readonly facts: Facts;
  readonly bytes: number;
  readonly ignoredLines: number;
  /** Why a whole file ended early. */
  readonly brokenOff?: string;
  /** No signal ended reading. */
  readonly isWhole: boolean;
  /** Its lines cannot be merged unchanged: it is not folded text, or has decimal counts, or two counts on a line. */
  readonly isOther: boolean;
}

/** A thread's result. */
export interface PartDone<Read = PartRead | FilesRead> {
  /** Descriptor of a temporary file that contains sorted folded text without comments; the receiver closes it. */
  readonly descriptor: number;
  /** One result for each piece, in order; for folded text, one for each file in a piece. */
  readonly read: readonly Read[];
  readonly folded: FolderSummary;
  readonly namesGivenUp: boolean;
}

/** Why a thread failed. */
export interface PartFailed {
  readonly failed: string;
  readonly exitCode: ExitCode;
  readonly stack: string;
  readonly isNoMemory: boolean;
}
