import { constants } from 'node:os';
import { standardError } from './standard-error.ts';

/** Signals that ask a process to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Finish = (signal: NodeJS.Signals) => void;

const finishing = new Set<Finish>();
const leaving = new Set<() => void>();
let asked: NodeJS.Signals | undefined;

/**
 * Registers a function for the first signal, which asks the command to finish with the data that it has. The signal
 * does not end the process. Returns a function that removes the registration.
 */
export function onFirstSignal(finish: Finish): () => void {
  if (asked !== undefined) finish(asked);
  return register(finishing, finish);
}

/**
 * Registers a function for the second signal, which ends the process immediately. `leave` cleans up first. Returns a
 * function that removes the registration.
 */
export function onSecondSignal(leave: () => void): () => void {
  return register(leaving, leave);
}

function register<T>(requests: Set<T>, request: T): () => void {
  if (finishing.size + leaving.size === 0) for (const signal of SIGNALS) process.on(signal, receive);
  requests.add(request);
  return () => {
    requests.delete(request);
    if (finishing.size + leaving.size === 0) stopListening();
  };
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, receive);
}

function receive(signal: NodeJS.Signals): void {
  if (asked !== undefined) {
    for (const leave of leaving) leave();
    stopListening();
    process.kill(process.pid, signal);
    // A process whose parent made it ignore the signal is still running here.
    process.exit(128 + constants.signals[signal]);
    return;
  }
  asked = signal;
  const stderr = standardError();
  if (stderr.isTTY)
    stderr.write(
      'stapflame: finishing with the data received so far; send the signal again to quit immediately\n',
    );
  for (const finish of finishing) finish(signal);
}
