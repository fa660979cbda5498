import type { Finding, Severity } from '../finding.ts';
import { installPackages } from '../packages.ts';
import { checkModules } from '../symbols/check-modules.ts';
import { checkKernel } from './checks/kernel.ts';
import { checkPrivileges } from './checks/privileges.ts';
import { checkSystemTap } from './checks/systemtap.ts';
import { checkTarget } from './checks/target.ts';
import type { Facts } from './facts.ts';

const ORDER: readonly Severity[] = ['blocks', 'costs', 'note'];

/**
 * Returns findings about anything that prevents or impairs sampling, on the machine and, if `pid` is given, in that
 * process. Blocking findings come first, then costs, then notes.
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

/** Returns findings about the target's modules that lack symbols or unwind data. */
function checkSymbols(facts: Facts): readonly Finding[] {
  const { modules, programs } = facts;
  if (modules.length === 0) return [];
  if (programs.has('readelf') || programs.has('eu-readelf')) return checkModules(modules, facts);
  return [
    {
      code: 'readelf-missing',
      severity: 'costs',
      meaning: "The doctor could not look for symbols in the target's files.",
      cause: 'Neither readelf nor eu-readelf is in PATH.',
      fixes: [{ commands: installPackages(facts.machine, ['binutils']) }],
      values: { modules: String(modules.length) },
      links: [],
    },
  ];
}
