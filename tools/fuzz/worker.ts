import { parentPort, workerData } from 'node:worker_threads';
import { tryRounds, type Rounds } from './rounds.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort?.postMessage(tryRounds(workerData as Rounds));
