import { setFlagsFromString } from 'node:v8';
import { withMemoryLimit } from './memory-limit.ts';
import { readWasmFile } from './wasm-file.ts';

/** 1.25 MiB, of which one is the stack. None of 137,000 names of Node, LLVM and rustc needs more than 1.125. */
const PAGES = 20;

/** Compiles the demangler: 522 KB, in about 5 ms. */
export function compileDemangler(): WebAssembly.Module {
  const bytes = withMemoryLimit(readWasmFile(), PAGES);
  // V8 would compile what runs often anew and better, in the background. For 5,000 names that took 0.2 s of CPU, twice
  // what it takes to demangle them, and it gained nothing for 20,000, the most that was compared.
  setFlagsFromString('--liftoff-only');
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString('--no-liftoff-only');
  }
}
