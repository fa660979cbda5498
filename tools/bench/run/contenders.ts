import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { quoted } from './measure.ts';

/** A folder to measure: its command, which a file name may follow. */
export interface Contender {
  readonly name: string;
  readonly words: readonly string[];
  /** Its output: folded text, the number of newlines, or a profile, which is not checked. `elsewhere` is ignored. */
  readonly output: 'folded' | 'newlines' | 'profile' | 'elsewhere';
}

/** The minimum cost of any reader in Node. */
export const FLOOR: Contender = {
  name: 'newline count',
  words: [process.execPath, script('../floor.js')],
  output: 'newlines',
};

/** Parser and folder as Transforms in a pipeline, without the CLI. */
export const LIBRARY: Contender = {
  name: 'library',
  words: [process.execPath, script('../library.js')],
  output: 'folded',
};

/** Two processes started at the same time, each with one of two files: the best that two processors can achieve. */
export function atOnce({ name, words }: Contender): Contender {
  const command = words.map(quoted).join(' ');
  const script = `
    ${command} "$1" > "$1.folded" & first=$!
    ${command} "$2" > "$2.folded" & second=$!
    wait $first && wait $second`;
  return { name, words: ['/bin/sh', '-c', script, 'sh'], output: 'elsewhere' };
}

/** The usual folder for the output of `perf script`. */
const INFERNO: Contender = {
  name: 'inferno',
  words: ['inferno-collapse-perf'],
  output: 'folded',
};

/** The same work in mawk, the fastest small interpreter. Names are taken by field, and a stack is one string. */
const AWK_FOLDER = `
/^\\t/ { sub(/^\\t/, ""); folded[stack] += $0; stack = ""; next }
{
  name = $3
  sub(/\\+0x[0-9a-f]+\\/0x[0-9a-f]+$/, "", name)
  stack = stack == "" ? name : name ";" stack
}
END { for (stack in folded) print stack " " folded[stack] }`;

export interface PeerOptions {
  readonly perl?: string;
  readonly peer: readonly string[];
}

export interface Peers {
  /** Other folders for SystemTap traces. */
  readonly peers: readonly Contender[];
  readonly inferno: Contender | undefined;
  /** A sentence for each peer that cannot be run here. */
  readonly missing: string[];
}

/** Finds the peers that can be run here. */
export function findPeers(options: PeerOptions): Peers {
  const wanted: Contender[] = [
    { name: 'mawk', words: ['mawk', AWK_FOLDER], output: 'folded' },
    ...(options.perl === undefined
      ? []
      : [{ name: 'Perl', words: ['perl', options.perl], output: 'folded' } as const]),
    ...options.peer.map((text): Contender => {
      const at = text.indexOf('=');
      return { name: text.slice(0, at), words: text.slice(at + 1).split(' '), output: 'folded' };
    }),
  ];
  const missing = options.perl === undefined ? ['Perl: --perl FILE was not given'] : [];
  const isHere = ({ name, words }: Contender): boolean => {
    const found = spawnSync('/bin/sh', ['-c', 'command -v "$0"', words[0]!]).status === 0;
    if (!found) missing.push(`${name}: ${words[0]} was not found`);
    return found;
  };
  return { peers: wanted.filter(isHere), inferno: [INFERNO].find(isHere), missing };
}

function script(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
