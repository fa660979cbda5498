/** An ELF file's data for naming and unwinding frames, as readelf or eu-readelf shows it. */
export interface ElfFile {
  /** `.symtab`: all functions. */
  readonly symbolTable: boolean;
  /** `.dynsym`: exported functions only. */
  readonly dynamicSymbols: boolean;
  /** `.debug_info`, packed or not. */
  readonly dwarf: boolean;
  /** `.gnu_debugdata`: a packed symbol table of the functions that `.dynsym` lacks. */
  readonly debugData: boolean;
  /** `.eh_frame_hdr`, `.eh_frame` or `.debug_frame`, the best of them; `undefined` without any. */
  readonly unwindSection: string | undefined;
  /** Hexadecimal. */
  readonly buildId: string | undefined;
  /** File name in `.gnu_debuglink`. */
  readonly debugLink: string | undefined;
}

/**
 * `  [ 7] .dynsym   DYNSYM   ADDRESS OFFSET SIZE …`. A section that is kept in a separate file is left behind as
 * NOBITS, and a linker may leave an empty .eh_frame.
 */
const SECTION = /^ *\[ *\d+\] (\S+) +([A-Z]\S*) +[0-9a-f]+ +[0-9a-f]+ +0*([0-9a-f]*) /;
const BUILD_ID = /\bBuild ID: *([0-9a-f]{2,})/;
/** Begins the dump of `.gnu_debuglink`, whose first string is the file's name. */
const DUMP = /^String (?:dump|section)/;
const DEBUG_LINK = /^ *\[ *0\] +(\S.*)$/;
const UNWIND = ['.eh_frame_hdr', '.eh_frame', '.debug_frame'];

/** Reads what `readelf -WSn --string-dump=.gnu_debuglink` printed; `undefined` if the file is not ELF. */
export function readElf(lines: readonly string[]): ElfFile | undefined {
  const sections = new Set<string>();
  let buildId: string | undefined;
  let debugLink: string | undefined;
  let dumped = false;
  for (const line of lines) {
    const [, name, type, size] = SECTION.exec(line) ?? [];
    if (name !== undefined) {
      if (type !== 'NOBITS' && size !== '') sections.add(name);
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
