import type { Finding, Severity } from '../finding.ts';
import { installPackages } from '../packages.ts';
import { checkModules } from '../symbols/check-modules.ts';
import type { SymbolSources } from '../symbols/debug-packages.ts';
import { checkKernel } from './checks/kernel.ts';
import { checkPrivileges } from './checks/privileges.ts';
import { checkSystemTap } from './checks/systemtap.ts';
import { checkTarget } from './checks/target.ts';
import type { Facts } from './facts.ts';
import { moduleSiteOf, siteOf } from './site.ts';

const ORDER: readonly Severity[] = ['blocks', 'costs', 'note'];

/**
 * What stands in the way of sampling on a machine and, where a process was asked for, in that process: what blocks
 * first, then what costs, then notes.
 */
export function preflight(facts: Facts, pid?: number): readonly Finding[] {
  const findings = [
    ...checkSystemTap(facts),
    ...checkPrivileges(facts),
    ...checkKernel(facts),
    ...(pid === undefined ? [] : [...checkTarget(facts, pid), ...checkSymbols(facts)]),
  ];
  return findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

/** What the facts tell about getting symbols. */
export function symbolSources(facts: Facts): SymbolSources {
  return { site: moduleSiteOf(facts), debuginfodUrls: facts.debuginfodUrls };
}

/** The modules of the target that lack symbols or unwind data. */
function checkSymbols(facts: Facts): readonly Finding[] {
  const { modules, programs } = facts;
  if (modules.length === 0) return [];
  if (programs.has('readelf') || programs.has('eu-readelf'))
    return checkModules(modules, symbolSources(facts));
  return [
    {
      code: 'readelf-missing',
      severity: 'costs',
      meaning: 'Which modules have symbols could not be seen.',
      cause: 'There is neither readelf nor eu-readelf in PATH.',
      fixes: [{ commands: installPackages(siteOf(facts), ['binutils']) }],
      values: { modules: String(modules.length) },
      links: [],
    },
  ];
}
