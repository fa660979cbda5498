import type { FolderSummary } from '@stapflame/folder';
import type { Facts } from '@stapflame/stacks';
import type { TracePart, TraceRead } from '@stapflame/stap-parser';
import type { NameFlags } from '../commands/name-options.ts';
import type { FoldFlags, TraceFlags } from '../commands/trace-options.ts';
import type { ExitCode } from '../exit.ts';
import type { Piece } from './shares.ts';

/** What a thread has to fold. */
export interface PartWork {
  readonly input: 'traces' | 'folded';
  readonly pieces: readonly Piece[];
  readonly flags: TraceFlags & NameFlags & FoldFlags;
  /** The flags name the kind of the input, so it need not be recognised. */
  readonly kindIsGiven: boolean;
  /** Two words of 32 bits: the first ends reading if it is not 0; the second counts bytes read, modulo 2^32. */
  readonly control: SharedArrayBuffer;
}

/** What was read of a part of a trace. */
export interface PartRead {
  readonly kind: 'part';
  readonly part: TracePart;
  /** Its whole range was read. */
  readonly isWhole: boolean;
}

/** What was read of whole files. */
export interface FilesRead {
  readonly kind: 'files';
  readonly read: TraceRead;
  /** Why files ended early. */
  readonly brokenOff: readonly string[];
  /** A signal ended reading within this file, … */
  readonly stoppedIn?: { readonly name: string; readonly bytes: number };
  /** … and before these. */
  readonly left: readonly string[];
  /** One of them is not a trace of SystemTap. */
  readonly isOther: boolean;
}

/** What was read of a folded text, or of a part of it. */
export interface FoldedRead {
  readonly kind: 'folded';
  /** The descriptor that the parts of a file have in common; absent for a whole file. */
  readonly descriptor?: number;
  readonly facts: Facts;
  readonly bytes: number;
  readonly ignoredLines: number;
  /** Why a whole file ended early. */
  readonly brokenOff?: string;
  /** Reading was not ended by a signal. */
  readonly isWhole: boolean;
  /** Its lines cannot be merged as they are: it is no folded text, or it has decimal counts, or two on a line. */
  readonly isOther: boolean;
}

/** What a thread has folded. */
export interface PartDone<Read = PartRead | FilesRead> {
  /** Descriptor of a temporary file with sorted folded text, without comments; the receiver closes it. */
  readonly descriptor: number;
  /** One for each piece, in order; of folded text, one for each file of a piece. */
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
