import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createPprofWriter } from '@stapflame/pprof-writer';
import type { StackOutput } from './output.ts';

export function openPprof(): StackOutput {
  return {
    write: (batches, file) => pipeline(batches, createPprofWriter(), createGzip(), file.stream()),
  };
}
