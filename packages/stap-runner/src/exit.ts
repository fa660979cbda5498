/** Why a run ended. */
export type ExitReason =
  /** stap ended normally: its time was up, its target ended, or it was asked to end. */
  | 'ended'
  /** A program is missing: stap, ssh, or staprun at the far end. */
  | 'missing'
  /** This process may open no more files, so no program could be started. */
  | 'files'
  /** Not allowed to log in, to use sudo, or to load modules. */
  | 'permission'
  /** The link to the host could not be made, or was cut. */
  | 'link'
  /** stap refused the script or could not compile it: passes 1 to 4, or the kernel's headers are missing. */
  | 'compile'
  /** The reader went away, or `stop` was called before the end. */
  | 'stopped'
  /** A signal from elsewhere ended it. */
  | 'signal'
  /** The run itself failed. */
  | 'failed';

/** How a run ended, as data. */
export interface RunnerExit {
  readonly reason: ExitReason;
  /** The exit code of the last program that ran; `undefined` if it was not started or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** How the command that stap started (`-c`) ended, in stapio's words: `status 3`; `undefined` if it succeeded. */
  readonly commandEnding: string | undefined;
  /** The last text on standard error, at most 64 KiB, to be shown to the user. */
  readonly messages: string;
  /** The same as bytes, for a doctor: file names in messages need not be UTF-8. */
  readonly messageBytes: Uint8Array;
  /** Bytes of standard error that nobody read in time, so that `stderr` left them out. */
  readonly droppedMessageBytes: number;
}

/** The exit of a run that never began, with the reason. */
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
  /** Such as ENOENT, if it could not be started. */
  readonly spawnError: string | undefined;
  readonly stopped: boolean;
  readonly far: boolean;
  readonly messages: string;
}

const NO_RIGHTS =
  /sudo: .*(?:password|terminal) is required|is not in the sudoers|Permission denied \(|Host key verification failed|as a normal user|part of (?:the )?group|one of the groups|Operation not permitted|credentials .* are insufficient/;
const NOT_THERE = /(?:stap|staprun): (?:command )?not found|sudo: stap(?:run)?: command not found/;
const SPAWN_ERRORS: Readonly<Record<string, ExitReason>> = {
  EACCES: 'permission',
  EMFILE: 'files',
  ENFILE: 'files',
};
/** Failures in passes 1 to 4 or, before them, missing kernel headers. */
const NOT_COMPILED =
  /Pass [1-4]: \w+ failed|parse error:|semantic error:|^Checking "[^"\n]*\/build\/[^"\n]*" failed with error:/m;
/** ssh's own failures. */
const SSH_FAILED = 255;
/** The shell did not find the program. */
const NO_PROGRAM = 127;

const COMMAND_ENDED = /^WARNING: Child process exited with (.*)$/m;

/** How the command that stap started ended, in stap's words; `undefined` if it succeeded. */
export function commandEndingOf(messages: string): string | undefined {
  return COMMAND_ENDED.exec(messages)?.[1];
}

/**
 * Finds the reason in the messages and exit codes of stap, sudo and ssh: stap's own exit code only distinguishes
 * success from failure.
 */
export function reasonOf({ exitCode, signal, spawnError, stopped, far, messages }: Ending): ExitReason {
  if (spawnError !== undefined) return SPAWN_ERRORS[spawnError] ?? 'missing';
  if (exitCode === 0) return 'ended';
  if (stopped) return 'stopped';
  if (signal !== undefined) return 'signal';
  if (NO_RIGHTS.test(messages)) return 'permission';
  if (exitCode === NO_PROGRAM || NOT_THERE.test(messages)) return 'missing';
  if (far && exitCode === SSH_FAILED) return 'link';
  // stap also exits with 1 if its command did, though nothing is wrong with the trace
  if (commandEndingOf(messages) !== undefined && !/^ERROR:/m.test(messages)) return 'ended';
  return NOT_COMPILED.test(messages) ? 'compile' : 'failed';
}
