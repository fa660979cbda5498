import { constants } from 'node:os';
import { standardError } from './standard-error.ts';

/** Signals that ask a process to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type Finish = (signal: NodeJS.Signals) => void;

const finishing = new Set<Finish>();
const leaving = new Set<() => void>();
let asked: NodeJS.Signals | undefined;

/**
 * While a function is registered here, the first signal asks the command to finish with the data it has: `finish` is
 * called, and the command continues to its end. Returns a function that removes the registration.
 */
export function onFirstSignal(finish: Finish): () => void {
  if (asked !== undefined) finish(asked);
  return register(finishing, finish);
}

/**
 * The second signal ends the process immediately, as it would by default, after `leave` has cleaned up. Returns a
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
    // still running: the process that started us made us ignore this signal
    process.exit(128 + constants.signals[signal]);
    return;
  }
  asked = signal;
  const stderr = standardError();
  if (stderr.isTTY)
    stderr.write('stapflame: finishing with the data received; signal again to quit immediately\n');
  for (const finish of finishing) finish(signal);
}
