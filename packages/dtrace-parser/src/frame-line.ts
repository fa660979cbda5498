import { labelOf, leafLabelOf, type Frame } from '@stapflame/stacks';

/**
 * A line that contains frames, as printed by stack(), ustack() and jstack():
 *
 *     genunix`syscall_mstate+0x5d
 *     libjvm.dylib`JavaThread::run()+0x1c0
 *     unix`0xfffffffffb8001d6
 *     0x104d08831
 *     java/lang/Thread.run()V          printed by jstack()
 */
const HEXADECIMAL = /^0x[0-9a-f]{1,16}$/;
const OFFSET = /\+0x([0-9a-f]{1,16})$/;
/** Matches the indentation of frames. An aggregation's keys are indented by only two columns. */
const FRAME_INDENT = /^[ \t]{6}/;
/** Matches the arrow between a function and the function that a JIT inlined into it. */
const INLINED_INTO = /(?<! |operator)->(?! )/;
const JAVA_CLASS = /^L(?=[^;: ]*\/)/;

/** Whether the line is a frame. If not, it is a key other than a stack. */
export function isFrameLine(line: string): boolean {
  return line.includes('`') || HEXADECIMAL.test(line.trim()) || FRAME_INDENT.test(line);
}

/** Returns the frames of a line, leaf first. A line has several frames if it shows inlined functions. */
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

/** Removes the offset from a leaf's label. This offset is where the leaf was interrupted, not where it made a call. */
export function asLeaf(frame: Frame): Frame {
  return { ...frame, label: frame.label.replace(OFFSET, '') };
}

/** Returns the function's name. If the function is in a namespace or class, its parameters are removed. */
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
