import type { ElfFile, ReadAt } from './elf.ts';
import { exportedSymbols, type ExportedSymbol } from './exported-symbols.ts';

/**
 * Returns the exported functions of a file that names no other functions, as `SIZE NAME` lines with the size in
 * hexadecimal digits. Returns `undefined` if the file names all of its functions or exports none. For an address in a
 * file that names only exported functions, SystemTap prints the nearest of these names.
 */
export function exportedFunctions(elf: ElfFile, readAt: ReadAt): string | undefined {
  const { exported } = elf;
  if (elf.names || elf.miniDebugInfo || !exported) return undefined;
  const sizes = sizesOf(exportedSymbols(exported, readAt));
  if (sizes.size === 0) return undefined;
  return Array.from(sizes, ([name, size]) => `${size.toString(16)} ${name}\n`).join('');
}

/** Returns the size of each function. If a function has several versions, this is the largest size. */
function sizesOf(symbols: Iterable<ExportedSymbol>): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, size } of symbols) sizes.set(name, Math.max(sizes.get(name) ?? 0, size));
  return sizes;
}
