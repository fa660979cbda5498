/** Why a run ended. */
export type ExitReason =
  /** stap ended normally: its time was up, its target ended, or it was asked to end. */
  | 'ended'
  /** A program is missing: stap, ssh, or staprun on the host. */
  | 'missing'
  /** This process cannot open enough files to start a program. */
  | 'files'
  /** The user is not allowed to log in, use sudo or load modules. */
  | 'permission'
  /** The connection to the host could not be established or was lost. */
  | 'link'
  /** stap rejected the script or could not compile it (passes 1 to 4), or the kernel's headers are missing. */
  | 'compile'
  /** The reader closed the stream or `stop` was called before the run ended. */
  | 'stopped'
  /** A signal that we did not send ended the program. */
  | 'signal'
  /** The run itself failed. */
  | 'failed';

/** Describes how a run ended. */
export interface RunnerExit {
  readonly reason: ExitReason;
  /** The last program's exit code; `undefined` if that program was not started or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** How the command that stap started (`-c`) failed, such as `status 3`, or `undefined` if it succeeded. */
  readonly commandEnding: string | undefined;
  /** The end of standard error, at most 64 KiB, to show to the user. */
  readonly messages: string;
  /** `messages` as bytes, for the doctor, because file names in messages are not always valid UTF-8. */
  readonly messageBytes: Uint8Array;
  /** Number of bytes dropped from `stderr` because they were not read in time. */
  readonly droppedMessageBytes: number;
}

/** Describes a run that never began. */
export function notRun(reason: ExitReason, messages: string = ''): RunnerExit {
  return {
    reason,
    exitCode: undefined,
    signal: undefined,
    commandEnding: undefined,
    messages,
    messageBytes: Buffer.from(messages),
    droppedMessageBytes: 0,
  };
}

/** Facts about a program that has ended. */
export interface Ending {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** The error code if the program could not be started, such as ENOENT. */
  readonly spawnError: string | undefined;
  readonly stopped: boolean;
  readonly far: boolean;
  readonly messages: string;
}

const NO_RIGHTS =
  /sudo: .*(?:password|terminal) is required|is not in the sudoers|Permission denied \(|Host key verification failed|as a normal user|part of (?:the )?group|one of the groups|Operation not permitted|credentials .* are insufficient/;
const NOT_THERE = /(?:stap|staprun): (?:command )?not found|sudo: stap(?:run)?: command not found/;
const SPAWN_ERRORS: Readonly<Record<string, ExitReason>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'permission',
  EMFILE: 'files',
  ENFILE: 'files',
};
/** Matches messages about a failure in passes 1 to 4 or, before pass 1, about missing kernel headers. */
const NOT_COMPILED =
  /Pass [1-4]: \w+ failed|parse error:|semantic error:|^Checking "[^"\n]*\/build\/[^"\n]*" failed with error:/m;
/** ssh's exit code if ssh itself failed. */
const SSH_FAILED = 255;
/** The exit code of a shell that cannot find the program. */
const NO_PROGRAM = 127;

const COMMAND_ENDED = /^WARNING: Child process exited with (.*)$/m;

/** Returns how the command started by stap failed, in the words of stapio, or `undefined` if the command succeeded. */
export function commandEndingOf(messages: string): string | undefined {
  return COMMAND_ENDED.exec(messages)?.[1];
}

/** Returns the code of the error that prevented a program's start, or `undefined` if the program was started. */
export function spawnErrorOf({
  exitCode,
  signal,
  code,
}: Pick<Ending, 'exitCode' | 'signal'> & { readonly code?: string | undefined }): string | undefined {
  return exitCode === undefined && signal === undefined ? code : undefined;
}

/**
 * Finds out why a run ended, from the messages and exit codes of stap, sudo and ssh. stap's exit code alone only
 * distinguishes success from failure.
 */
export function reasonOf({ exitCode, signal, spawnError, stopped, far, messages }: Ending): ExitReason {
  if (spawnError !== undefined) return SPAWN_ERRORS[spawnError] ?? 'failed';
  if (exitCode === 0) return 'ended';
  if (stopped) return 'stopped';
  if (signal !== undefined) return 'signal';
  if (NO_RIGHTS.test(messages)) return 'permission';
  if (exitCode === NO_PROGRAM || NOT_THERE.test(messages)) return 'missing';
  if (far && exitCode === SSH_FAILED) return 'link';
  // stap also exits with 1 if the command that it started failed, although the trace is complete
  if (commandEndingOf(messages) !== undefined && !/^ERROR:/m.test(messages)) return 'ended';
  return NOT_COMPILED.test(messages) ? 'compile' : 'failed';
}
