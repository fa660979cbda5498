import type { OtherLines } from '../folded/other-lines.ts';
import { TREE_MODULE } from '../generated/tree.ts';
import type { FoldedTree, TreeOptions } from './folded-tree.ts';
import { ReferenceTree } from './reference.ts';
import { WasmTree } from './wasm.ts';

let compiled: WebAssembly.Module | undefined;

/**
 * The WebAssembly tree; where WebAssembly does not run, or gets no memory (`ulimit -v`), the plain one. Lines that are
 * no stacks go to `others`.
 */
export function createTree(options: TreeOptions, others: OtherLines): FoldedTree {
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(TREE_MODULE), (char) => char.charCodeAt(0)));
    return new WasmTree(compiled, options, others);
  } catch {
    return new ReferenceTree(options, others);
  }
}
