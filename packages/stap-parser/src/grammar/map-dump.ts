import { parseHexCount } from './count.ts';

/**
 * Reads global arrays. If a script never reads a global variable, stap prints it when the script ends (translate.cxx):
 *
 *     ubt["bar+0x32 [foo]\nmain+0x48 [foo]"]=0x77
 *     bts["comm",201,"bar+0x32 [foo]\nmain+0x48 [foo]\n"] @count=0x5 @min=0x1 @max=0x1 @sum=0x5 @avg=0x1
 */

/** An array element. The last of its keys is the stack. */
export interface MapElement {
  /** The other keys, which become root frames, outermost first. */
  readonly header: readonly string[];
  /** The stack's lines, leaf first. */
  readonly lines: readonly string[];
  /** The element's value, or `undefined` if the value is not a count. */
  readonly count: number | undefined;
}

const ELEMENT =
  /^[A-Za-z_]\w*\[((?:"(?:[^"\\]|\\.)*"|-?\d+|-?0x[0-9a-f]+)(?:,(?:"(?:[^"\\]|\\.)*"|-?\d+|-?0x[0-9a-f]+))*)\](?:=0x([0-9a-f]+)| @count=0x([0-9a-f]+)(?: .*)?)$/;
const KEY = /"((?:[^"\\]|\\.)*)"|-?0x[0-9a-f]+|-?\d+/g;
const ESCAPE = /\\(?:([0-7]{1,3})|(.))/g;
const NAMED = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);
const ADDRESS_LIST = /^(?:0x[0-9a-f]+ )*0x[0-9a-f]+ ?$/;

export function parseMapElement(line: string): MapElement | undefined {
  const match = ELEMENT.exec(line);
  if (!match) return undefined;
  const keys = Array.from(match[1]!.matchAll(KEY), (key) =>
    key[1] === undefined ? key[0] : unescape(key[1]),
  );
  const stack = keys.pop()!;
  // backtrace() and ubacktrace() return addresses separated by spaces; the sprint_… functions return lines
  const lines = ADDRESS_LIST.test(stack) ? stack.trim().split(' ') : stack.split('\n');
  return {
    header: keys.filter((key) => key.trim() !== ''),
    lines: lines.filter((text) => text.trim() !== ''),
    count: parseHexCount(match[2] ?? match[3]!),
  };
}

function unescape(text: string): string {
  return text.replace(ESCAPE, (_, octal: string | undefined, char: string | undefined) =>
    octal === undefined ? (NAMED.get(char!) ?? char!) : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
