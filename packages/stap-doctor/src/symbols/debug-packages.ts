import type { Machine } from '../machine.ts';
import type { Fix } from '../finding.ts';
import {
  debugRepositories,
  installDebuginfo,
  installPackages,
  symbolPackage,
  useDebuginfod,
} from '../packages.ts';
import { debuginfoByHand } from '../rpm-by-hand.ts';
import type { ModuleSymbols, PackageName } from './module.ts';

/** Facts that determine how to get symbols. */
export interface SymbolSources {
  /** The machine or container that holds the modules. */
  readonly moduleMachine: Machine;
  /** The debuginfod servers that SystemTap already uses. */
  readonly debuginfodUrls: readonly string[];
}

/**
 * Returns ways to get symbols for these files, which all come from one distribution. The most reliable way comes first.
 */
export function symbolFixes(
  modules: readonly ModuleSymbols[],
  { moduleMachine: machine, debuginfodUrls }: SymbolSources,
): readonly Fix[] {
  const owners = distinct(modules.flatMap(({ owner }) => owner ?? []));
  if (owners.length === 0) return [BUILD];
  const fixes = machine.distribution.id === 'arch' ? [] : [installFix(owners, machine)];
  if (debuginfodUrls.length === 0 && modules.some(({ elf }) => elf?.buildId !== undefined))
    fixes.push(useDebuginfod(machine));
  const byHand = debuginfoByHand(machine, owners.map(buildOf));
  return [...fixes, ...(byHand ? [byHand] : [])].filter(({ commands }) => commands.length > 0);
}

const BUILD: Fix = {
  commands: [],
  effect: 'The file does not come from a package. Build it with -g and keep its symbols (no strip, no -s).',
};

function installFix(owners: readonly PackageName[], machine: Machine): Fix {
  const { id } = machine.distribution;
  if (id !== 'debian' && id !== 'ubuntu') {
    const exact = id === 'fedora' || id === 'rhel' || id === 'centos';
    return { commands: installDebuginfo(machine, owners.map(exact ? buildOf : ({ name }) => name)) };
  }
  // the command names the version, because another version would make apt replace the library that is being sampled
  const packages = owners.map(({ name, version, debugPackages: [known] }) => {
    const wanted = known ?? symbolPackage(name);
    return version === undefined ? wanted : `${wanted}=${version}`;
  });
  const install = installPackages(machine, [...new Set(packages)]);
  const known = owners.every(
    ({ name, debugPackages }) => debugPackages.length > 0 || symbolPackage(name).endsWith('-dbg'),
  );
  const repositories = known ? undefined : debugRepositories(machine);
  return repositories === undefined || install.length === 0
    ? { commands: install }
    : { ...repositories, commands: [...repositories.commands, ...install] };
}

function buildOf({ name, build }: PackageName): string {
  return build ?? name;
}

function distinct(owners: readonly PackageName[]): readonly PackageName[] {
  return [...new Map(owners.map((owner) => [buildOf(owner), owner])).values()];
}
