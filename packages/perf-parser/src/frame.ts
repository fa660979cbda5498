import { labelOf, leafLabelOf, UNKNOWN, type Frame } from '@stapflame/stacks';
import type { FrameLine } from './grammar/frame-line.ts';
import type { LabelOptions, ResolvedOptions } from './options.ts';

/**
 * Matches the names of a process's memory regions, which perf prints in brackets, like those of the kernel and its
 * modules.
 */
const USER_REGION = /^\[(?:unknown|vdso(?:32|64)?|vsyscall|heap|stack(?::\d+)?|anon|uprobes|vvar)\]$/;
const KERNEL_FILE = /\.ko(?:\.[gx]z|\.zst)?$|(?:^|\/)vmlinux[\w.-]*$|^bpf_prog_/;
const JIT_FILE = /^\/tmp\/perf-[^]*\.map$|\/jitted-[^]*\.so$/;
/** Matches the `L` at the start of a class name printed by a JVM, such as `Ljava/io/PrintStream;`. */
const JAVA_CLASS = /^L(?=[^;: ]*\/)/;
/**
 * Matches the arrow between a function and one that a JIT inlined into it, but not the arrow in `operator->` or in a
 * Rust function type, ` -> `.
 */
const INLINED_INTO = /(?<! |operator)->(?! )/;

/** Returns a line's frames, leaf first. There are several if a JIT inlined functions: `outer->inner`. */
export function framesOf(line: FrameLine, options: ResolvedOptions): Frame[] {
  const names = line.symbol?.split(INLINED_INTO) ?? [undefined];
  const one = names.length === 1 ? line : { ...line, offset: undefined };
  return names.map((name, depth) => frameOf(name, depth > 0, one, options)).reverse();
}

function frameOf(
  symbol: string | undefined,
  isInner: boolean,
  { offset, module, address, ...line }: FrameLine,
  { label: labels, addresses }: ResolvedOptions,
): Frame {
  const kernel =
    module && ((module.startsWith('[') && !USER_REGION.test(module)) || KERNEL_FILE.test(module));
  const jit = JIT_FILE.test(module ?? '');
  const mark = isInner ? '_[i]' : labels.kernel && kernel === true ? '_[k]' : labels.jit && jit ? '_[j]' : '';
  const name = nameOf(symbol, { offset, module, address }, labels);
  return {
    label: `${leafLabelOf(labelOf(name))}${name.endsWith(mark) ? '' : mark}`,
    ...(symbol !== undefined && { symbol }),
    ...(offset !== undefined && { offset }),
    ...(module !== undefined && { module }),
    ...(addresses && { address: `0x${address}` }),
    ...(typeof kernel === 'boolean' && { kernel }),
    ...(jit && { jit }),
    ...((isInner || line.inlined) && { inlined: true }),
  };
}

function nameOf(
  name: string | undefined,
  { offset = 0, module, address }: Pick<FrameLine, 'offset' | 'module' | 'address'>,
  labels: Required<LabelOptions>,
): string {
  const file = module?.slice(module.lastIndexOf('/') + 1);
  if (name === undefined && labels.address) return `[${file ?? 'unknown'} <${address}>]`;
  if (name === undefined) return file === undefined ? UNKNOWN : `[${file}]`;
  const at = labels.offset ? `+0x${offset.toString(16)}` : '';
  return `${tidy(name)}${at}${labels.module && file !== undefined ? ` [${file}]` : ''}`;
}

const NAMESPACE = '(anonymous namespace)';

/** Removes the parameters from a function's name, but keeps Go receivers, `.(*T)`, and anonymous namespaces. */
function tidy(symbol: string): string {
  let depth = 0;
  let end = 0;
  for (; end < symbol.length; end++) {
    const char = symbol[end]!;
    if (char === '(' && depth === 0 && symbol[end - 1] !== '.' && !symbol.startsWith(NAMESPACE, end)) break;
    if ('<{[('.includes(char)) depth++;
    else if ('>}])'.includes(char)) depth--;
  }
  return symbol.slice(0, end).replace(JAVA_CLASS, '');
}
