import type { ScriptOptions } from '../src/index.ts';

const both = { pid: 21865, seconds: 50 } as const;

/** The documented examples. There is a golden script for each of them. */
export const EXAMPLES: readonly (readonly [name: string, options: ScriptOptions])[] = [
  ['stream-both', both],
  ['stream-user', { ...both, user: true }],
  ['stream-kernel', { ...both, kernel: true }],
  ['stream-classic', { ...both, user: true, format: 'classic' }],
  ['stream-threads', { pids: [21865, 21866], seconds: 50, root: 'thread', frequency: 999, cpus: 4 }],
  ['stream-tree', { ...both, tree: true }],
  ['stream-command', { command: 'sleep 3' }],
  ['stream-system', { system: true, seconds: 10 }],
  ['stream-cycles', { ...both, event: 'cpu-cycles' }],
  [
    'stream-container',
    { ...both, user: true, sysroot: '/tmp/root', modules: ['/srv/app/web', '/usr/lib/libc.so.6'] },
  ],
  ['stream-addresses', { ...both, addresses: true }],
  ['stream-addresses-threads', { ...both, user: true, addresses: true, root: 'thread' }],
  ['aggregate-both', { ...both, user: true, kernel: true, limit: 1024 }],
  ['aggregate-kernel', { ...both, kernel: true, limit: 100, cpus: 8 }],
  ['off-cpu', { ...both, kind: 'off-cpu', minWait: 1000 }],
  ['off-cpu-top', { ...both, kind: 'off-cpu', limit: 20 }],
  ['off-cpu-distribution', { ...both, kind: 'off-cpu', distribution: true }],
];
