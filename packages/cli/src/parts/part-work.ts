import type { FolderSummary } from '@stapflame/folder';
import type { Facts } from '@stapflame/stacks';
import type { TraceRead } from '@stapflame/stap-parser';
import type { TracePart } from '@stapflame/stap-parser/parts';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import type { ExitCode } from '../exit.ts';
import type { Piece } from './shares.ts';

/** The work for one thread. */
export interface PartWork {
  readonly input: 'traces' | 'folded';
  readonly pieces: readonly Piece[];
  readonly flags: TraceFlags & NameFlags & FoldFlags;
  /** Whether a flag names the kind of input. If so, the kind need not be recognised from the content. */
  readonly kindIsGiven: boolean;
  /** The shared memory for the thread's `ThreadControl`. */
  readonly control: SharedArrayBuffer;
}

/** The result of reading a part of a trace. */
export interface PartRead {
  readonly kind: 'part';
  readonly part: TracePart;
  /** Whether the part was read completely. */
  readonly isWhole: boolean;
}

/** The result of reading complete files. */
export interface FilesRead {
  readonly kind: 'files';
  readonly read: TraceRead;
  /** Why files ended early. */
  readonly brokenOff: readonly string[];
  /** The file that was being read when a signal stopped reading, and the number of bytes read from it. */
  readonly stoppedIn?: { readonly name: string; readonly bytes: number };
  /** Files that were not opened because a signal had stopped reading. */
  readonly left: readonly string[];
  /** Whether one of the files is not a SystemTap trace. */
  readonly isOther: boolean;
}

/** The result of reading a folded file, or part of one. */
export interface FoldedRead {
  readonly kind: 'folded';
  /** The file's descriptor, which is the same for all of its parts; absent if the file was not split. */
  readonly descriptor?: number;
  readonly facts: Facts;
  readonly bytes: number;
  readonly ignoredLines: number;
  /** Why the file ended early; absent if it was split or did not end early. */
  readonly brokenOff?: string;
  /** True unless a signal stopped reading. */
  readonly isWhole: boolean;
  /**
   * True if the input's lines cannot be merged unchanged because the input is not folded text, or has decimal counts or
   * two counts on a line.
   */
  readonly isOther: boolean;
}

/** A thread's report on what it has read. The thread sends this report before any of its text. */
export interface ShareRead<Read = PartRead | FilesRead> {
  readonly kind: 'read';
  /** One result for each piece of work, in order. For folded text, there is one for each file in a piece. */
  readonly read: readonly Read[];
  /** Number of stacks read, and the sum of their weights. */
  readonly stacks: number;
  readonly weight: number;
}

/** A thread's report on the text that it wrote. The thread sends this report after all of its text. */
export interface ShareEnd {
  readonly kind: 'end';
  readonly folded: FolderSummary;
  readonly namesGivenUp: boolean;
}

/** A thread's report that it failed, and why. */
export interface ShareFailed {
  readonly kind: 'failed';
  readonly message: string;
  readonly exitCode: ExitCode;
  readonly stack: string;
  readonly isNoMemory: boolean;
}

/** A message from a thread. A byte array is a chunk of the thread's text: sorted folded text without comments. */
export type FromThread<Read> = ShareRead<Read> | Uint8Array | ShareEnd | ShareFailed;
