import type { Finding, Fix } from '../finding.ts';
import type { Facts } from '../preflight/facts.ts';
import { symbolFixes, type SymbolSources } from './debug-packages.ts';
import { debugElf, debugFileOf, isMismatched, namingOf, unwindingOf, type ModuleSymbols } from './module.ts';

/**
 * Returns findings about modules that lack something. A module gets at most one finding, the most severe that applies.
 */
export function checkModules(modules: readonly ModuleSymbols[], sources: SymbolSources): readonly Finding[] {
  return modules.flatMap((module) => checkModule(module, sources) ?? []);
}

/**
 * Returns fixes that each provide symbols for all packaged files that lack them. Returns no fixes if fewer than two
 * files lack symbols.
 */
export function fixAllSymbols(facts: Facts): readonly Fix[] {
  const lacking = facts.modules.filter(
    (module) => module.owner && !module.deleted && /^(?:none|exported)$/.test(namingOf(module)),
  );
  return lacking.length < 2 ? [] : symbolFixes(lacking, facts);
}

/** Returns the finding about a module, or `undefined` if the module lacks nothing. */
export function checkModule(module: ModuleSymbols, sources: SymbolSources): Finding | undefined {
  const naming = namingOf(module);
  const { path } = module;
  if (module.deleted)
    return found(module, 'module-replaced', {
      meaning: `${path} was replaced or removed, but the process is still running the old file.`,
      cause: 'An upgrade put another file in its place. The symbols of the new file do not fit the old one.',
      fixes: [{ commands: [], effect: 'Restart the process, then sample it.' }],
    });
  if (naming === 'unknown')
    return found(module, 'module-unreadable', {
      meaning: `The symbols of ${path} could not be examined.`,
      cause:
        'This user cannot read the file, the file is not an ELF file, or it is not on this machine. Run the doctor as root on the machine that was sampled.',
      fixes: [],
    });
  const mismatch = isMismatched(module)
    ? ` ${module.debugFile!.path} exists, but belongs to another build of this file.`
    : '';
  const id = module.elf?.buildId;
  const wanted = id === undefined ? '' : ` The expected path is /usr/lib/debug/${debugFileOf(id)}.`;
  const fixes = symbolFixes([module], sources);
  if (naming === 'none')
    return found(module, 'symbols-missing', {
      meaning: `Functions in ${path} have no names in a picture.`,
      cause: `The file has no symbol table, and no separate file with a symbol table was found.${wanted}${mismatch}`,
      fixes,
    });
  if (unwindingOf(module) === undefined)
    return found(module, 'unwind-data-missing', {
      meaning: `Stacks end in ${path}, so callers are missing.`,
      cause: 'The file has neither .eh_frame nor .debug_frame, which SystemTap needs to unwind stacks.',
      fixes: module.owner ? fixes : [REBUILD],
    });
  if (naming === 'exported')
    return found(module, 'symbols-exported-only', {
      meaning: `Names in ${path} may be wrong: each is only the nearest exported symbol.`,
      cause: `The file has only .dynsym, which names the functions that other files can call, and no separate file with all symbols was found.${wanted}${mismatch}`,
      fixes,
    });
  return undefined;
}

const REBUILD: Fix = {
  commands: [],
  effect: 'The file does not come from a package. Build it with -fasynchronous-unwind-tables, or with -g.',
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

/** Returns a module's properties as strings. */
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
