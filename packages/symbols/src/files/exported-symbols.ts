import type { ExportedSymbols, ReadAt } from './elf.ts';
import { Fields } from './fields.ts';

/** Maximum sizes of the symbol table and of its names, in bytes. LLVM, which has many symbols, needs 1 MB and 4 MB. */
const MOST_SYMBOL_BYTES = 1 << 22;
const MOST_NAME_BYTES = 1 << 23;
const UNDEFINED = 0;
const SYMBOL_TYPES = 0xf;
const STT_OBJECT = 1;
const STT_TLS = 6;

/** A function that a file exports. */
export interface ExportedSymbol {
  readonly name: string;
  readonly address: number;
  /** Number of bytes; 0 if the file does not specify it. */
  readonly size: number;
}

/** Returns the functions that a file exports, without data and imports. */
export function* exportedSymbols(
  { symbols, names, bits, littleEndian }: ExportedSymbols,
  readAt: ReadAt,
): Generator<ExportedSymbol, void, undefined> {
  const fields = new Fields(readAt(symbols.offset, Math.min(symbols.size, MOST_SYMBOL_BYTES)), littleEndian);
  const text = readAt(names.offset, Math.min(names.size, MOST_NAME_BYTES));
  const decoder = new TextDecoder('latin1');
  const { bytes, info, section, address, size } = bits === 64 ? WIDE : NARROW;
  const word = (at: number): number => (bits === 64 ? fields.u64(at) : fields.u32(at));
  for (let at = 0; at + bytes <= fields.size; at += bytes) {
    const type = fields.byte(at + info) & SYMBOL_TYPES;
    if (fields.u16(at + section) === UNDEFINED || type === STT_OBJECT || type === STT_TLS) continue;
    const from = fields.u32(at);
    const name = decoder.decode(text.subarray(from, Math.max(from, text.indexOf(0, from))));
    if (name === '' || name.includes('\n')) continue;
    yield { name, address: word(at + address), size: word(at + size) };
  }
}

/** Size of a symbol table entry, and the offsets of its fields. */
interface SymbolLayout {
  readonly bytes: number;
  readonly info: number;
  readonly section: number;
  readonly address: number;
  readonly size: number;
}

const WIDE: SymbolLayout = { bytes: 24, info: 4, section: 6, address: 8, size: 16 };
const NARROW: SymbolLayout = { bytes: 16, info: 12, section: 14, address: 4, size: 8 };
