import { addressOf } from './address.ts';
import { CodeRanges } from './code-ranges.ts';

/** `56…-56… r-xp 00001000 fe:00 1234      /usr/bin/cat`: range, rights, file offset, device, inode, path. */
const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) [0-9a-f]+:[0-9a-f]+ \d+ +(\/.*)$/;
const DELETED = ' (deleted)';
const MOST_LINES = 1 << 17;

/** A location in a file that contains code. SystemTap prints it as `[/usr/bin/cat+0x1898]`. */
export interface ModulePlace {
  readonly module: string;
  /** Distance in bytes from the address where the file's first byte is mapped. */
  readonly offset: number;
}

/** The files that a process has mapped as code, read from its `/proc/PID/maps`. */
export class ProcessMaps {
  readonly #modules: string[] = [];
  /** For each range, the address where its file's first byte is mapped. */
  readonly #bases: number[] = [];
  readonly #ranges: CodeRanges;

  constructor(text: string) {
    const starts: number[] = [];
    const ends: number[] = [];
    /** For each file, the last address so far where its first byte is mapped. Lines are sorted by address. */
    const bases = new Map<string, number>();
    for (const line of text.split('\n', MOST_LINES)) {
      const [, from, to, rights, fileOffset, path] = LINE.exec(line) ?? [];
      const [start, end] = [addressOf(from ?? ''), addressOf(to ?? '')];
      if (start === undefined || end === undefined) continue;
      if (Number.parseInt(fileOffset!, 16) === 0) bases.set(path!, start);
      const base = bases.get(path!);
      if (!rights!.includes('x') || base === undefined || base > start) continue;
      starts.push(start);
      ends.push(end);
      this.#bases.push(base);
      this.#modules.push(path!.endsWith(DELETED) ? path!.slice(0, -DELETED.length) : path!);
    }
    this.#ranges = new CodeRanges(Float64Array.from(starts), Float64Array.from(ends));
  }

  placeAt(address: number): ModulePlace | undefined {
    const index = this.#ranges.find(address);
    if (index === undefined) return undefined;
    return { module: this.#modules[index]!, offset: address - this.#bases[index]! };
  }
}
