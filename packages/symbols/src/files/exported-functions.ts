import type { ElfFile, ExportedSymbols, ReadAt } from './elf.ts';
import { Fields } from './fields.ts';

/** Bytes of a table of symbols, and of their names. LLVM, which exports more than most, has 1 and 4 MB. */
const MOST_SYMBOL_BYTES = 1 << 22;
const MOST_NAME_BYTES = 1 << 23;
const UNDEFINED = 0;
const SYMBOL_TYPES = 0xf;
const STT_OBJECT = 1;
const STT_TLS = 6;

/**
 * The exported functions of a file that has the names of no others, as lines `SIZE NAME` with the size in hexadecimal
 * digits; `undefined` if it has the names of all functions, or exports none. The nearest of these names is what SystemTap
 * prints for any address of the file.
 */
export function exportedFunctions(elf: ElfFile, readAt: ReadAt): string | undefined {
  const { exported } = elf;
  if (elf.names || elf.miniDebugInfo || !exported) return undefined;
  const sizes = sizesIn(exported, readAt);
  if (sizes.size === 0) return undefined;
  return Array.from(sizes, ([name, size]) => `${size.toString(16)} ${name}\n`).join('');
}

/** The size of each name; of several versions of a function, the largest one. */
function sizesIn(
  { symbols, names, bits, littleEndian }: ExportedSymbols,
  readAt: ReadAt,
): Map<string, number> {
  const fields = new Fields(readAt(symbols.offset, Math.min(symbols.size, MOST_SYMBOL_BYTES)), littleEndian);
  const text = readAt(names.offset, Math.min(names.size, MOST_NAME_BYTES));
  const decoder = new TextDecoder('latin1');
  const { bytes, info, section, size } = bits === 64 ? WIDE : NARROW;
  const sizes = new Map<string, number>();
  for (let at = 0; at + bytes <= fields.size; at += bytes) {
    const type = fields.byte(at + info) & SYMBOL_TYPES;
    if (fields.u16(at + section) === UNDEFINED || type === STT_OBJECT || type === STT_TLS) continue;
    const from = fields.u32(at);
    const name = decoder.decode(text.subarray(from, Math.max(from, text.indexOf(0, from))));
    if (name === '' || name.includes('\n')) continue;
    const [known = 0, found] = [sizes.get(name), bits === 64 ? fields.u64(at + size) : fields.u32(at + size)];
    sizes.set(name, Math.max(known, found));
  }
  return sizes;
}

/** Offsets of the fields of a symbol. */
interface SymbolLayout {
  readonly bytes: number;
  readonly info: number;
  readonly section: number;
  readonly size: number;
}

const WIDE: SymbolLayout = { bytes: 24, info: 4, section: 6, size: 16 };
const NARROW: SymbolLayout = { bytes: 16, info: 12, section: 14, size: 8 };
