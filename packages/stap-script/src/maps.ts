/** `56…-56… r-xp 00001000 fe:00 1234      /usr/bin/cat`: range, rights, offset, device, inode, path. */
const EXECUTABLE = /^([0-9a-f]+)-([0-9a-f]+) r?-?w?-?x[ps] [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ (\d+) +(\/.*)$/;

/** A file that a process has mapped as code. */
export interface CodeMapping {
  readonly file: string;
  /** Its first range of addresses, as /proc/PID/map_files names it: without leading zeros. */
  readonly range: string;
  readonly inode: bigint;
}

/**
 * The distinct files that the text of /proc/PID/maps shows as mapped as code. Mappings without a file (`…
 * (deleted)`, memory without a name, prelink's temporary names) are left out: stap cannot read them.
 */
export function codeMappings(maps: string): readonly CodeMapping[] {
  const mappings = new Map<string, CodeMapping>();
  for (const line of maps.split('\n')) {
    const [, start, end, inode, file] = EXECUTABLE.exec(line) ?? [];
    if (file === undefined || mappings.has(file)) continue;
    if (file.endsWith(' (deleted)') || file.includes('.#prelink#.')) continue;
    // the kernel writes a line feed in a name as \012, and stap could not open such a path
    if (/\p{Cc}|\\012/u.test(file)) continue;
    const range = [start!, end!].map((address) => address.replace(/^0+(?=.)/, '')).join('-');
    mappings.set(file, { file, range, inode: BigInt(inode!) });
  }
  return [...mappings.values()];
}

/** The paths of `codeMappings`. */
export function mappedFiles(maps: string): readonly string[] {
  return codeMappings(maps).map(({ file }) => file);
}
