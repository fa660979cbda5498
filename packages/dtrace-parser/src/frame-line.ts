import { labelOf, leafLabelOf, type Frame } from '@stapflame/stacks';

/**
 * A frame's line, as printed by stack(), ustack() and jstack():
 *
 *     genunix`syscall_mstate+0x5d
 *     libjvm.dylib`JavaThread::run()+0x1c0
 *     unix`0xfffffffffb8001d6
 *     0x104d08831
 *     java/lang/Thread.run()V          printed by jstack()
 */
const HEXADECIMAL = /^0x[0-9a-f]{1,16}$/;
const OFFSET = /\+0x([0-9a-f]{1,16})$/;
/** Frames begin after this indent; the keys of an aggregation begin at the third column. */
const FRAME_INDENT = /^[ \t]{6}/;
/** The arrow between functions that a JIT inlined into each other. */
const INLINED_INTO = /(?<! |operator)->(?! )/;
const JAVA_CLASS = /^L(?=[^;: ]*\/)/;

/** Whether the line is a frame, not a key next to a stack. */
export function isFrameLine(line: string): boolean {
  return line.includes('`') || HEXADECIMAL.test(line.trim()) || FRAME_INDENT.test(line);
}

/** The frames for a line, leaf first. */
export function framesOf(line: string, withOffset: boolean): Frame[] {
  const text = line.trim();
  const tick = text.indexOf('`');
  const module = tick > 0 ? text.slice(0, tick) : undefined;
  const printed = text.slice(tick + 1);
  const isAddress = HEXADECIMAL.test(printed);
  const offset = Number.parseInt(OFFSET.exec(printed)?.[1] ?? '', 16);
  const names = printed.replace(OFFSET, '').split(INLINED_INTO);
  return names
    .map((name, depth) => {
      const at = withOffset && offset >= 0 ? `+0x${offset.toString(16)}` : '';
      const prefix = module !== undefined && depth === 0 ? `${module}\`` : '';
      const label = leafLabelOf(labelOf(`${prefix}${isAddress ? name : tidy(name)}${at}`));
      const frame: Frame = { label: depth > 0 ? `${label}_[i]` : label, ...(depth > 0 && { inlined: true }) };
      const known = isAddress ? { address: name } : { symbol: name };
      const place = { ...(module !== undefined && { module }), ...(offset >= 0 && { offset }) };
      return Object.assign(frame, known, place);
    })
    .reverse();
}

/** The same frame as a leaf. A leaf was interrupted there and made no call, so its offset means nothing. */
export function asLeaf(frame: Frame): Frame {
  return { ...frame, label: frame.label.replace(OFFSET, '') };
}

/** The function's name, without parameters if it is in a namespace or class. */
function tidy(symbol: string): string {
  const name = symbol.replace(JAVA_CLASS, '');
  let depth = 0;
  if (!name.includes('::')) return name;
  for (let at = 0; at < name.length; at++) {
    const char = name[at]!;
    if (char === '(' && depth === 0 && !name.startsWith('(anonymous namespace)', at))
      return name.slice(0, at);
    if ('<{[('.includes(char)) depth++;
    else if ('>}])'.includes(char)) depth--;
  }
  return name;
}
