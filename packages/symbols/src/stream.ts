import type { StackBatch } from '@stapflame/stacks';
import { StageStream, WAITING_BATCHES } from '@stapflame/stacks/stream';
import { Demangler } from './demangle/demangler.ts';
import { compileDemangler } from './demangle/wasm-module.ts';
import type { DemanglerOptions } from './options.ts';

/** A Transform that returns the given stacks with demangled names. */
export type DemanglerStream = StageStream<StackBatch, StackBatch>;

/** Creates a stage that demangles C++ and Rust names. Errors are `SymbolsError`s. */
export function createDemangler(options: DemanglerOptions = {}): DemanglerStream {
  const demangler = new Demangler(compileDemangler, options);
  const ready: StackBatch[] = [];
  return new StageStream<StackBatch, StackBatch>(
    {
      push: (batch) => void ready.push(demangler.demangle(batch)),
      take: () => ready.splice(0),
      finish: () => [],
    },
    { objectMode: true, highWaterMark: WAITING_BATCHES },
  );
}
