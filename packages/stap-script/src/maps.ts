/** `56…-56… r-xp 00001000 fe:00 1234      /usr/bin/cat`: range, permissions, offset, device, inode, path. */
const EXECUTABLE = /^([0-9a-f]+)-([0-9a-f]+) r?-?w?-?x[ps] [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ (\d+) +(\/.*)$/;

/** A file that a process has mapped as executable code. */
export interface CodeMapping {
  readonly file: string;
  /**
   * The address range of the file's first code mapping, without leading zeros, as in the names in /proc/PID/map_files.
   */
  readonly range: string;
  readonly inode: bigint;
}

/**
 * Returns the distinct files that are mapped as code, given the contents of /proc/PID/maps. Mappings that stap cannot
 * read are left out: deleted files, memory without a file, and files with prelink's temporary names.
 */
export function codeMappings(maps: string): readonly CodeMapping[] {
  const mappings = new Map<string, CodeMapping>();
  for (const line of maps.split('\n')) {
    const [, start, end, inode, file] = EXECUTABLE.exec(line) ?? [];
    if (file === undefined || mappings.has(file)) continue;
    if (file.endsWith(' (deleted)') || file.includes('.#prelink#.')) continue;
    // the kernel prints a line feed in a name as \012, so stap could not open the path
    if (/\p{Cc}|\\012/u.test(file)) continue;
    const range = [start!, end!].map((address) => address.replace(/^0+(?=.)/, '')).join('-');
    mappings.set(file, { file, range, inode: BigInt(inode!) });
  }
  return [...mappings.values()];
}

/** Returns the paths of the files that `codeMappings` finds. */
export function mappedFiles(maps: string): readonly string[] {
  return codeMappings(maps).map(({ file }) => file);
}
