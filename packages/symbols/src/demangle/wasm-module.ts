import { withMemoryLimit } from './memory-limit.ts';
import { readWasmFile } from './wasm-file.ts';

/**
 * Maximum memory of the demangler: 1.25 MiB, including a stack of 1 MiB. None of 137,000 names in Node, LLVM and rustc
 * needs more than 1.125 MiB.
 */
const PAGES = 20;

/** Compiles the demangler, which is 522 KB long. This takes about 5 ms. */
export function compileDemangler(): WebAssembly.Module {
  const bytes = withMemoryLimit(readWasmFile(), PAGES);
  // Without this flag, V8 would recompile frequently run code in the background to make it faster. For 5,000 LLVM
  // names, CPU time would then be 0.36 s instead of 0.24 s in Node 20, 0.35 s instead of 0.30 s in Node 22, and the
  // same in Node 24. For 20,000 names, the flag makes no difference. For 60,000 names, recompiling makes Node 22 a
  // fifth faster, and other versions no faster. node:v8 is loaded only when this code runs, because most traces have no
  // mangled names.
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString('--liftoff-only');
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString('--no-liftoff-only');
  }
}
