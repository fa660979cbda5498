import { parentPort, workerData } from 'node:worker_threads';
import { tryRounds, type Rounds } from './rounds.ts';

parentPort?.postMessage(tryRounds(workerData as Rounds));
