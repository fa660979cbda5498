import type { KeyEntry } from '../src/picture/key-line.ts';
import type { TreeData } from '../src/picture/layout.ts';

/**
 * Colours of the heaviest modules, chosen so that people with the common forms of colour blindness can tell them apart.
 * Other modules are grey.
 */
const COLORS = ['#e69f00', '#56b4e9', '#2fb58a', '#f0e442', '#d998ba', '#e8824a', '#9fb4ff', '#c2b280'];
const OTHERS = '#cfcfcf';

/** Module colours, and the key that explains them. */
export interface ModuleColors {
  readonly colors: readonly string[];
  /** Indexed by name number: an index into `colors`. */
  readonly colorIds: readonly number[];
  readonly key: readonly KeyEntry[];
}

/** Assigns each name the colour of its module. */
export function moduleColors({ names, selfs, details }: TreeData): ModuleColors {
  const modules = names.map((name, id) => details?.modules[details.moduleIds[id] ?? -1] ?? moduleOf(name));
  const weights = new Map<string, number>();
  for (const [id, module] of modules.entries())
    if (module !== '') weights.set(module, (weights.get(module) ?? 0) + (selfs[id] ?? 0));
  const largest = [...weights.keys()]
    .sort((a, b) => weights.get(b)! - weights.get(a)!)
    .slice(0, COLORS.length);
  const places = new Map(largest.map((module, place) => [module, place]));
  const colors = [...COLORS.slice(0, largest.length), OTHERS];
  return {
    colors,
    colorIds: modules.map((module) => places.get(module) ?? largest.length),
    key: [...largest, 'other'].map((text, i) => ({ color: colors[i]!, text })),
  };
}

/**
 * Returns the module in a name such as `read [libc.so.6]`, `[libc.so.6]` or `work_[k]`, otherwise the outermost
 * namespace of a name such as `alloc::vec::Vec` or `java.util.HashMap.get`. Empty if the name has neither.
 */
function moduleOf(name: string): string {
  if (name.endsWith('_[k]')) return 'kernel';
  const plain = name.replace(/_\[[jiw]\]$/, '');
  const bracket = /^\[([^\]]+)\]|\s\[([^\]]+)\]$/.exec(plain);
  if (bracket) return bracket[1] ?? bracket[2]!;
  return /^[<&*\s]*([\w$]+)::/.exec(plain)?.[1] ?? /^([\w$]+[./][\w$]+)[./][\w$]/.exec(plain)?.[1] ?? '';
}
