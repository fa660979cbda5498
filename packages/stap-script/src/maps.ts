/** `56…-56… r-xp 00001000 fe:00 1234      /usr/bin/cat`: range, rights, offset, device, inode, path. */
const EXECUTABLE = /^[0-9a-f]+-[0-9a-f]+ r?-?w?-?x[ps] [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ +(\/.*)$/;

/**
 * The files that a /proc/PID/maps text shows mapped as code, each once. What has no file any more
 * (`… (deleted)`, memory without a name, prelink's temporary names) is left out: stap cannot read it.
 */
export function mappedFiles(maps: string): readonly string[] {
  const files = new Set<string>();
  for (const line of maps.split('\n')) {
    const file = EXECUTABLE.exec(line)?.[1];
    if (file === undefined || file.endsWith(' (deleted)') || file.includes('.#prelink#.')) continue;
    // the kernel writes a newline of a name as \012; no path that stap could take comes of it
    if (!/\p{Cc}|\\012/u.test(file)) files.add(file);
  }
  return [...files];
}
