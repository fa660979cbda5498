import type { Finding } from '../finding.ts';
import type { Facts } from '../preflight/facts.ts';
import type { SymbolSources } from '../symbols/debug-packages.ts';
import { checkModule } from '../symbols/check-modules.ts';
import { namingOf, type ModuleSymbols } from '../symbols/module.ts';
import type { ModuleWeight, Weights } from './weigher.ts';

/** What missing symbols and unwind data cost in a trace: the dearest first. */
export function weighModules(
  weights: Weights,
  facts: Pick<Facts, 'modules'> & SymbolSources,
): readonly Finding[] {
  if (weights.total === 0) return [];
  const share = (weight: number): string => percent(weight / weights.total);
  const known = new Map(facts.modules.map((module) => [module.path, module]));
  const weighed = weights.modules.flatMap((weight) =>
    costsOf(weight, known.get(weight.module)).map((cost) => ({ weight, cost })),
  );
  weighed.sort((a, b) => b.cost.weight - a.cost.weight);
  const findings = weighed.map(({ weight, cost }): Finding => {
    const module = known.get(weight.module);
    const lack = module && checkModule(module, facts);
    const why = reasonOf(cost, weight, module, lack);
    const name = weight.module;
    return {
      code: cost.code,
      severity: 'costs',
      meaning: `${share(cost.weight)} of samples ${cost.text} ${name}.`,
      cause: why.cause,
      fixes: why.fixes,
      values: {
        ...(lack?.values ?? { module: name }),
        share: share(cost.weight),
        present: share(weight.present),
        nameless: share(weight.nameless),
        stopsHere: share(weight.stopsHere),
      },
      links: lack?.links ?? ['man warning::debuginfo'],
    };
  });
  if (weights.vdso > 0) findings.push(vdsoFrames(share(weights.vdso)));
  if (weights.unknown > 0) findings.push(unknownFrames(share(weights.unknown)));
  return findings;
}

interface Cost {
  readonly code: 'stacks-stop' | 'frames-nameless' | 'frames-exported';
  readonly weight: number;
  /** Between the share and the module. */
  readonly text: string;
}

/** All that a module costs: stacks that stop in it, frames without a name, and names that may be wrong. */
function costsOf(
  { named, nameless, stopsHere, kernel }: ModuleWeight,
  module: ModuleSymbols | undefined,
): readonly Cost[] {
  const exported = !kernel && module && namingOf(module) === 'exported' ? named : 0;
  const costs: readonly Cost[] = [
    { code: 'stacks-stop', weight: stopsHere, text: 'end in' },
    { code: 'frames-nameless', weight: nameless, text: 'hold frames without a name in' },
    {
      code: 'frames-exported',
      weight: exported,
      text: 'hold frames that may bear the name of another function in',
    },
  ];
  return costs.filter(({ weight }) => weight > 0);
}

/** What a file lacks explains what it costs, except that stacks never stop for lack of names. */
function reasonOf(
  { code }: Cost,
  { module: name, kernel }: ModuleWeight,
  module: ModuleSymbols | undefined,
  lack: Finding | undefined,
): Pick<Finding, 'cause' | 'fixes'> {
  const explains = code === 'stacks-stop' ? /^(?:unwind-data-missing|module-)/ : /./;
  if (lack && explains.test(lack.code)) return lack;
  if (kernel && name !== 'kernel')
    return {
      cause: 'No -d named this module of the kernel when it was sampled.',
      fixes: [{ commands: [], again: ['-d', name] }],
    };
  if (kernel)
    return {
      cause: 'SystemTap had no symbols of the kernel.',
      fixes: [{ commands: [], again: ['--all-modules'], effect: 'Takes the symbols of all kernel modules.' }],
    };
  const fixes = [{ commands: [], again: ['-d', name] }];
  if (code === 'stacks-stop')
    return {
      cause: 'No -d named it when it was sampled, or the stacks reached the depth limit (MAXBACKTRACE).',
      fixes: name.startsWith('/') ? fixes : [],
    };
  return {
    cause: 'No -d named it when it was sampled, or it was another build than the file is now.',
    fixes: module ? fixes : [],
  };
}

function vdsoFrames(share: string): Finding {
  return {
    code: 'frames-vdso',
    severity: 'costs',
    meaning: `${share} of samples hold frames of the vDSO, which have no names.`,
    cause:
      'The vDSO is code that the kernel maps into each process, for clock_gettime and the like. It is no file, so SystemTap has no symbols of it, and stacks through it may end there.',
    fixes: [],
    values: { module: '[vdso]', share },
    links: ['man 7 vdso'],
  };
}

function unknownFrames(share: string): Finding {
  return {
    code: 'frames-unknown',
    severity: 'costs',
    meaning: `${share} of samples hold frames that belong to no known file.`,
    cause:
      'It is code made at run time (JIT), the vDSO on other machines than x86-64, or a stack that was unwound wrongly or printed in the context of another process.',
    fixes: [],
    values: { module: '[unknown]', share },
    links: [],
  };
}

/** Two digits, three near the whole; what is there is never shown as nothing. */
function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return 'under 0.1 %';
  return `${Number(value.toPrecision(value > 99 ? 3 : 2))} %`;
}
