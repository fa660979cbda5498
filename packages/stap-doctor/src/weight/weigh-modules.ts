import type { Finding } from '../finding.ts';
import type { Facts } from '../preflight/facts.ts';
import type { SymbolSources } from '../symbols/debug-packages.ts';
import { checkModule } from '../symbols/check-modules.ts';
import { namingOf, type ModuleSymbols } from '../symbols/module.ts';
import type { ModuleWeight, Weights } from './weigher.ts';

/** What modules without symbols cost in a trace: the dearest first. */
export function weighModules(
  weights: Weights,
  facts: Pick<Facts, 'modules'> & SymbolSources,
): readonly Finding[] {
  if (weights.total === 0) return [];
  const share = (weight: number): string => percent(weight / weights.total);
  const known = new Map(facts.modules.map((module) => [module.path, module]));
  const weighed = weights.modules.flatMap((weight) => {
    const cost = costOf(weight, known.get(weight.module));
    return cost && cost.weight > 0 ? [{ weight, cost }] : [];
  });
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
  if (weights.unknown > 0) findings.push(unknownFrames(share(weights.unknown)));
  return findings;
}

interface Cost {
  readonly code: 'stacks-stop' | 'frames-nameless' | 'frames-exported';
  readonly weight: number;
  /** Between the share and the module. */
  readonly text: string;
}

/** The dearest that a module costs: stacks that stop hide their callers, which is worse than a missing name. */
function costOf(
  { nameless, stopsHere, present, kernel }: ModuleWeight,
  module: ModuleSymbols | undefined,
): Cost | undefined {
  if (stopsHere > 0 && stopsHere >= nameless)
    return { code: 'stacks-stop', weight: stopsHere, text: 'end in' };
  if (nameless > 0)
    return { code: 'frames-nameless', weight: nameless, text: 'hold frames without a name in' };
  if (!kernel && module && namingOf(module) === 'exported')
    return {
      code: 'frames-exported',
      weight: present,
      text: 'hold frames that may bear the name of another function in',
    };
  return undefined;
}

/** What a file lacks explains what it costs, unless stacks stop in it: that is not for want of names. */
function reasonOf(
  { code }: Cost,
  { module: name, kernel }: ModuleWeight,
  module: ModuleSymbols | undefined,
  lack: Finding | undefined,
): Pick<Finding, 'cause' | 'fixes'> {
  const explains = code === 'stacks-stop' ? /^(?:unwind-data-missing|module-)/ : /./;
  if (lack && explains.test(lack.code)) return lack;
  if (kernel)
    return {
      cause: 'SystemTap had no symbols of the kernel.',
      fixes: [{ commands: [], again: ['--all-modules'], effect: 'takes the symbols of all kernel modules.' }],
    };
  const fixes = [{ commands: [], again: ['-d', name] }];
  if (code === 'stacks-stop')
    return {
      cause:
        'It was not named by -d when it was sampled, or the stacks reached the depth limit (MAXBACKTRACE).',
      fixes: name.startsWith('/') ? fixes : [],
    };
  return {
    cause: 'It was not named by -d when it was sampled, or was another build than the file is now.',
    fixes: module ? fixes : [],
  };
}

function unknownFrames(share: string): Finding {
  return {
    code: 'frames-unknown',
    severity: 'costs',
    meaning: `${share} of samples hold frames of which not even the module is known.`,
    cause:
      'Stacks of a process that was printed outside its own context, code made at run time (JIT), or a wrong address.',
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
