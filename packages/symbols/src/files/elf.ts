import { Fields } from './fields.ts';

/** What an ELF file's headers say about its build and the names it contains. */
export interface ElfFile {
  /** The build-id, in lower-case hexadecimal digits. */
  readonly buildId: string | undefined;
  /** The address where the file's first byte is meant to be mapped. */
  readonly base: number;
  /** Whether the file names all functions, in a symbol table or in DWARF. */
  readonly names: boolean;
  /** Whether the file has DWARF, which describes inlined functions and source lines. */
  readonly dwarf: boolean;
  /** The part of the file that is an xz-compressed ELF file with function symbols; absent if there is none. */
  readonly miniDebugInfo?: FilePart;
  /** The symbols that the file exports to other files (`.dynsym`); absent if there are none. */
  readonly exported?: ExportedSymbols;
}

/** The table of exported symbols, and the section with their names. */
export interface ExportedSymbols {
  readonly symbols: FilePart;
  readonly names: FilePart;
  /** Number of bits in an address. */
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
}

/** Bytes of a file. */
export interface FilePart {
  readonly offset: number;
  readonly size: number;
}

/** Reads `length` bytes at an offset in the file, or fewer if the file ends first. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

const MAGIC = 0x7f454c46;
const PAGE = 4096;
const SHT_SYMTAB = 2;
const SHT_NOTE = 7;
const SHT_NOBITS = 8;
const SHT_DYNSYM = 11;
const PT_LOAD = 1;
const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
/** Limits on the number and size of headers and on the size of notes and names. No linker exceeds them. */
const MOST_HEADERS = 4096;
const LONGEST_HEADER = 256;
const MOST_BYTES = 1 << 16;
const MINI_DEBUG_INFO = '.gnu_debugdata';
/** Names of the DWARF section. An older compression scheme renamed it to `.zdebug_info`. */
const DWARF = new Set(['.debug_info', '.zdebug_info']);

/** One entry of the section or segment table. */
interface Part {
  readonly type: number;
  readonly name: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  /** Number of the linked section. For a symbol table, this is the section with the names. */
  readonly link: number;
}

/** Reads the headers of an ELF file, in bounded time. Returns `undefined` if the file is not an ELF file. */
export function readElf(readAt: ReadAt): ElfFile | undefined {
  const head = new Fields(readAt(0, 64));
  if (head.size < 52 || head.big32(0) !== MAGIC) return undefined;
  const layout = head.byte(4) === 2 ? WIDE : NARROW;
  if (head.size < layout.headerBytes) return undefined;
  head.littleEndian = head.byte(5) === 1;
  const table = (at: Table, read: (fields: Fields, at: number) => Part): readonly Part[] => {
    const [offset, bytes, count] = [layout.word(head, at.offset), head.u16(at.bytes), head.u16(at.count)];
    if (count > MOST_HEADERS || bytes < at.least || bytes > LONGEST_HEADER) return [];
    const fields = new Fields(readAt(offset, count * bytes), head.littleEndian);
    return Array.from({ length: Math.floor(fields.size / bytes) }, (_, i) => read(fields, i * bytes));
  };
  const sections = table(layout.sections, layout.section);
  const segments = table(layout.segments, layout.segment);
  const names = textsOf(sections[head.u16(layout.namesIndex)], readAt);
  const kept = sections.filter(({ type, size }) => type !== SHT_NOBITS && size > 0);
  const dwarf = kept.some(({ name }) => DWARF.has(names(name)));
  const mini = kept.find(({ name }) => names(name) === MINI_DEBUG_INFO);
  const dynamic = kept.find(({ type }) => type === SHT_DYNSYM);
  const dynamicNames = sections[dynamic?.link ?? 0];
  return {
    buildId: buildIdIn(notesOf(kept, segments), readAt, head.littleEndian),
    base: pageOf(segments.find(({ type }) => type === PT_LOAD)?.address ?? 0),
    names: dwarf || kept.some(({ type }) => type === SHT_SYMTAB),
    dwarf,
    ...(mini && { miniDebugInfo: partOf(mini) }),
    ...(dynamic &&
      dynamicNames && {
        exported: {
          symbols: partOf(dynamic),
          names: partOf(dynamicNames),
          bits: layout.bits,
          littleEndian: head.littleEndian,
        },
      }),
  };
}

function partOf({ offset, size }: Part): FilePart {
  return { offset, size };
}

function pageOf(address: number): number {
  return address - (address % PAGE);
}

/**
 * Returns the notes. Those in sections are preferred, because the offsets of segments are meaningless in a debug
 * information file.
 */
function notesOf(sections: readonly Part[], segments: readonly Part[]): readonly Part[] {
  const notes = sections.filter(({ type }) => type === SHT_NOTE);
  return notes.length > 0 ? notes : segments.filter(({ type }) => type === PT_NOTE);
}

/**
 * Returns the build-id in the notes, which have this layout:
 *
 *     size of the name │ size of the build-id │ type │ "GNU\0" │ build-id, padded to four bytes
 */
function buildIdIn(notes: readonly Part[], readAt: ReadAt, littleEndian: boolean): string | undefined {
  for (const { offset, size } of notes) {
    const fields = new Fields(readAt(offset, Math.min(size, MOST_BYTES)), littleEndian);
    for (let at = 0; at + 12 <= fields.size;) {
      const [nameBytes, bytes, type] = [fields.u32(at), fields.u32(at + 4), fields.u32(at + 8)];
      const from = at + 12 + filled(nameBytes);
      if (type === NT_GNU_BUILD_ID && nameBytes === 4 && bytes > 0 && from + bytes <= fields.size)
        return fields.hexadecimal(from, bytes);
      at = from + filled(bytes);
    }
  }
  return undefined;
}

function filled(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}

/** Returns a function that looks up the name at an offset in a section of names. */
function textsOf(section: Part | undefined, readAt: ReadAt): (at: number) => string {
  const bytes = section ? readAt(section.offset, Math.min(section.size, MOST_BYTES)) : new Uint8Array();
  const decoder = new TextDecoder('latin1');
  return (at) => {
    const end = bytes.indexOf(0, at);
    return decoder.decode(bytes.subarray(at, end < 0 ? bytes.length : end));
  };
}

/** Offsets of the header fields that describe the section table or the segment table. */
interface Table {
  readonly offset: number;
  readonly bytes: number;
  readonly count: number;
  /** Minimum size of an entry in bytes. */
  readonly least: number;
}

/** The layout of a 64-bit or 32-bit file. Both have the same fields at different offsets. */
interface Layout {
  readonly bits: 32 | 64;
  readonly headerBytes: number;
  readonly namesIndex: number;
  readonly segments: Table;
  readonly sections: Table;
  word(fields: Fields, at: number): number;
  section(fields: Fields, at: number): Part;
  segment(fields: Fields, at: number): Part;
}

const WIDE: Layout = {
  bits: 64,
  headerBytes: 64,
  namesIndex: 62,
  segments: { offset: 32, bytes: 54, count: 56, least: 56 },
  sections: { offset: 40, bytes: 58, count: 60, least: 64 },
  word: (fields, at) => fields.u64(at),
  section: (fields, at) => ({
    name: fields.u32(at),
    type: fields.u32(at + 4),
    address: fields.u64(at + 16),
    offset: fields.u64(at + 24),
    size: fields.u64(at + 32),
    link: fields.u32(at + 40),
  }),
  segment: (fields, at) => ({
    name: 0,
    type: fields.u32(at),
    offset: fields.u64(at + 8),
    address: fields.u64(at + 16),
    size: fields.u64(at + 32),
    link: 0,
  }),
};

const NARROW: Layout = {
  bits: 32,
  headerBytes: 52,
  namesIndex: 50,
  segments: { offset: 28, bytes: 42, count: 44, least: 32 },
  sections: { offset: 32, bytes: 46, count: 48, least: 40 },
  word: (fields, at) => fields.u32(at),
  section: (fields, at) => ({
    name: fields.u32(at),
    type: fields.u32(at + 4),
    address: fields.u32(at + 12),
    offset: fields.u32(at + 16),
    size: fields.u32(at + 20),
    link: fields.u32(at + 24),
  }),
  segment: (fields, at) => ({
    name: 0,
    type: fields.u32(at),
    offset: fields.u32(at + 4),
    address: fields.u32(at + 8),
    size: fields.u32(at + 16),
    link: 0,
  }),
};
