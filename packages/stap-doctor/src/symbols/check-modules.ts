import type { Finding, Fix } from '../finding.ts';
import type { Facts } from '../preflight/facts.ts';
import { symbolFixes, type SymbolSources } from './debug-packages.ts';
import { debugElf, debugFileOf, isMismatched, namingOf, unwindingOf, type ModuleSymbols } from './module.ts';

/** Findings about modules that lack something: at most one per module, the worst that applies. */
export function checkModules(modules: readonly ModuleSymbols[], sources: SymbolSources): readonly Finding[] {
  return modules.flatMap((module) => checkModule(module, sources) ?? []);
}

/** One command that gets the symbols of all packaged files that lack them; empty for fewer than two files. */
export function fixAllSymbols(facts: Facts): readonly Fix[] {
  const lacking = facts.modules.filter(
    (module) => module.owner && !module.deleted && /^(?:none|exported)$/.test(namingOf(module)),
  );
  return lacking.length < 2 ? [] : symbolFixes(lacking, facts);
}

/** The finding about a module; `undefined` if nothing is missing. */
export function checkModule(module: ModuleSymbols, sources: SymbolSources): Finding | undefined {
  const naming = namingOf(module);
  const { path } = module;
  if (module.deleted)
    return found(module, 'module-replaced', {
      meaning: `${path} was replaced or removed while the process runs the old file.`,
      cause: 'An upgrade put another file in its place: symbols of the new one do not fit the old one.',
      fixes: [{ commands: [], effect: 'Start the process again, then sample it.' }],
    });
  if (naming === 'unknown')
    return found(module, 'module-unreadable', {
      meaning: `The symbols of ${path} could not be examined.`,
      cause: 'The file cannot be read by this user, is no ELF file, or is not on this machine.',
      fixes: [],
    });
  const mismatch = isMismatched(module)
    ? ` ${module.debugFile!.path} is there, but belongs to another build of it.`
    : '';
  const id = module.elf?.buildId;
  const wanted = id === undefined ? '' : ` It would be /usr/lib/debug/${debugFileOf(id)}.`;
  const fixes = symbolFixes([module], sources);
  if (naming === 'none')
    return found(module, 'symbols-missing', {
      meaning: `Functions of ${path} have no names in a picture.`,
      cause: `It has no symbol table, and no separate file with one was found.${wanted}${mismatch}`,
      fixes,
    });
  if (unwindingOf(module) === undefined)
    return found(module, 'unwind-data-missing', {
      meaning: `Stacks end in ${path}: their callers are lost.`,
      cause: 'It has neither .eh_frame nor .debug_frame, from which SystemTap unwinds.',
      fixes: module.owner ? fixes : [REBUILD],
    });
  if (naming === 'exported')
    return found(module, 'symbols-exported-only', {
      meaning: `Names in ${path} may be just the nearest exported symbol.`,
      cause: `It has only .dynsym, which names the functions that other files call, and no separate file with all symbols was found.${wanted}${mismatch}`,
      fixes,
    });
  return undefined;
}

const REBUILD: Fix = {
  commands: [],
  effect: 'It comes from no package: build it with -fasynchronous-unwind-tables, or with -g.',
};

function found(
  module: ModuleSymbols,
  code: string,
  { meaning, cause, fixes }: Pick<Finding, 'meaning' | 'cause' | 'fixes'>,
): Finding {
  return {
    code,
    severity: 'costs',
    meaning,
    cause,
    fixes,
    values: valuesOf(module),
    links: ['man warning::debuginfo', 'https://sourceware.org/elfutils/Debuginfod.html'],
  };
}

/** The facts about a module, as text. */
function valuesOf(module: ModuleSymbols): Readonly<Record<string, string>> {
  const { path, elf, debugFile, owner } = module;
  const debug = debugElf(module);
  return {
    module: path,
    names: namingOf(module),
    dwarf: elf?.dwarf || debug?.dwarf ? 'yes' : 'no',
    unwind: unwindingOf(module) ?? 'none',
    ...(elf?.buildId !== undefined && { buildId: elf.buildId }),
    ...(debugFile !== undefined && { debugFile: debugFile.path }),
    ...(owner !== undefined && { package: owner.name }),
  };
}
