import { withMemoryLimit } from './memory-limit.ts';
import { readWasmFile } from './wasm-file.ts';

/** 1.25 MiB, of which one is the stack. None of 137,000 names of Node, LLVM and rustc needs more than 1.125. */
const PAGES = 20;

/** Compiles the demangler: 522 KB, in about 5 ms. */
export function compileDemangler(): WebAssembly.Module {
  const bytes = withMemoryLimit(readWasmFile(), PAGES);
  // V8 would compile what runs often anew and better, in the background. For 5,000 names of LLVM that takes 0.36 s of CPU
  // instead of 0.24 with Node 20, 0.35 instead of 0.30 with Node 22, and the same with Node 24. For 20,000 it makes no
  // difference; for 60,000 Node 22 gains a fifth by it, and the others nothing.
  // the module is only loaded here: most traces have no mangled names
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--liftoff-only');
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString('--no-liftoff-only');
  }
}
