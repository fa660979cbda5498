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
  /** The memory of a `ThreadControl`. */
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

/** What a thread has read, before it passes on anything of its text. */
export interface ShareRead<Read = PartRead | FilesRead> {
  readonly kind: 'read';
  /** One result for each piece, in order; for folded text, one for each file in a piece. */
  readonly read: readonly Read[];
  /** Number of stacks read, and the sum of their weights. */
  readonly stacks: number;
  readonly weight: number;
}

/** What a thread tells about its share once all of its text is on its way. */
export interface ShareEnd {
  readonly kind: 'end';
  readonly folded: FolderSummary;
  readonly namesGivenUp: boolean;
}

/** Why a thread failed. */
export interface ShareFailed {
  readonly kind: 'failed';
  readonly message: string;
  readonly exitCode: ExitCode;
  readonly stack: string;
  readonly isNoMemory: boolean;
}

/** A message from a thread. Bytes are a piece of its text: sorted folded text without comments. */
export type FromThread<Read> = ShareRead<Read> | Uint8Array | ShareEnd | ShareFailed;
