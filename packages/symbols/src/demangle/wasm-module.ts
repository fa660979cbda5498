import { withMemoryLimit } from './memory-limit.ts';
import { readWasmFile } from './wasm-file.ts';

/** 1.25 MiB, of which 1 MiB is the stack. No name among 137,000 from Node, LLVM and rustc needs more than 1.125 MiB. */
const PAGES = 20;

/** Compiles the demangler: 522 KB, in about 5 ms. */
export function compileDemangler(): WebAssembly.Module {
  const bytes = withMemoryLimit(readWasmFile(), PAGES);
  // V8 would recompile frequently run code in the background to make it faster. For 5,000 LLVM names that takes
  // 0.36 s of CPU instead of 0.24 with Node 20, 0.35 instead of 0.30 with Node 22, and the same with Node 24. For
  // 20,000 names it makes no difference; for 60,000 it makes Node 22 a fifth faster, and the others no faster. The
  // module is only loaded here because most traces have no mangled names
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--liftoff-only');
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString('--no-liftoff-only');
  }
}
