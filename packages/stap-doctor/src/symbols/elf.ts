/** What an ELF file contains for naming and unwinding frames, as shown by readelf or eu-readelf. */
export interface ElfFile {
  /** `.symtab`: all functions. */
  readonly symbolTable: boolean;
  /** `.dynsym`: only exported functions. */
  readonly dynamicSymbols: boolean;
  /** `.debug_info`, compressed or not. */
  readonly dwarf: boolean;
  /** `.gnu_debugdata`: a compressed symbol table for the functions that `.dynsym` lacks. */
  readonly debugData: boolean;
  /** The best of the sections `.eh_frame_hdr`, `.eh_frame` and `.debug_frame`; `undefined` if there is none. */
  readonly unwindSection: string | undefined;
  /** The build-id, in hexadecimal. */
  readonly buildId: string | undefined;
  /** The file name in `.gnu_debuglink`. */
  readonly debugLink: string | undefined;
}

/**
 * Matches a line such as `  [ 7] .dynsym   DYNSYM   ADDRESS OFFSET SIZE …`. A section that was moved to a separate file
 * is still listed, with type NOBITS, and a linker may leave an empty .eh_frame.
 */
const SECTION = /^ *\[ *\d+\] (\S+) +([A-Z]\S*) +[0-9a-f]+ +[0-9a-f]+ +([0-9a-f]+) /;
const BUILD_ID = /\bBuild ID: *([0-9a-f]{2,})/;
/** Matches the line that begins the dump of `.gnu_debuglink`. The first string in the dump is the file name. */
const DUMP = /^String (?:dump|section)/;
const DEBUG_LINK = /^ *\[ *0\] +(\S.*)$/;
const UNWIND = ['.eh_frame_hdr', '.eh_frame', '.debug_frame'];

/** Reads the output of `readelf -WSn --string-dump=.gnu_debuglink`. Returns `undefined` if the file is not ELF. */
export function readElf(lines: readonly string[]): ElfFile | undefined {
  const sections = new Set<string>();
  let buildId: string | undefined;
  let debugLink: string | undefined;
  let dumped = false;
  for (const line of lines) {
    const [, name, type, size] = SECTION.exec(line) ?? [];
    if (name !== undefined) {
      if (type !== 'NOBITS' && !/^0+$/.test(size!)) sections.add(name);
    } else if (DUMP.test(line)) {
      dumped = true;
    } else {
      buildId ??= BUILD_ID.exec(line)?.[1];
      if (dumped) debugLink ??= DEBUG_LINK.exec(line)?.[1];
    }
  }
  if (sections.size === 0) return undefined;
  return {
    symbolTable: sections.has('.symtab'),
    dynamicSymbols: sections.has('.dynsym'),
    dwarf: sections.has('.debug_info') || sections.has('.zdebug_info'),
    debugData: sections.has('.gnu_debugdata'),
    unwindSection: UNWIND.find((name) => sections.has(name)),
    buildId,
    debugLink,
  };
}
