import { advise, type Finding, type Fix } from '../finding.ts';
import type { Facts } from '../preflight/facts.ts';
import type { SymbolSources } from '../symbols/debug-packages.ts';
import { checkModule } from '../symbols/check-modules.ts';
import { namingOf, type ModuleSymbols } from '../symbols/module.ts';
import type { Command } from '../shell.ts';
import type { ModuleWeight, Weights } from './weigher.ts';

/** The result of looking up names that are missing from the trace. */
export interface LaterNames {
  /** The weights of the stacks in the trace, computed again with the names that were found. */
  readonly weights: Weights;
  /** Why functions still have no names, by module. */
  readonly problems: ReadonlyMap<string, string>;
  /** The command that draws the trace with these names. */
  readonly command: Command;
}

/**
 * Returns findings about the cost of missing symbols and unwind data in a trace, costliest first.
 *
 * @param later the result of looking up names, if they were looked up
 */
export function weighModules(
  weights: Weights,
  facts: Pick<Facts, 'modules'> & SymbolSources,
  later?: LaterNames,
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
    const reason = reasonOf(cost, weight, module, lack);
    const why = cost.code === 'frames-nameless' ? withLaterNames(reason, weight, share, later) : reason;
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
  if (weights.unknown > 0) findings.push(unknownFrames(weights.unknown, share, later));
  return findings;
}

interface Cost {
  readonly code: 'stacks-stop' | 'frames-nameless' | 'frames-exported';
  readonly weight: number;
  /** The finding's text between the share and the module. */
  readonly text: string;
}

/** Returns a module's costs: stacks that stop in the module, unnamed frames, and names that may be wrong. */
function costsOf(
  { named, nameless, stopsHere, kernel }: ModuleWeight,
  module: ModuleSymbols | undefined,
): readonly Cost[] {
  const exported = !kernel && module && namingOf(module) === 'exported' ? named : 0;
  const costs: readonly Cost[] = [
    { code: 'stacks-stop', weight: stopsHere, text: 'end in' },
    { code: 'frames-nameless', weight: nameless, text: 'contain unnamed frames in' },
    {
      code: 'frames-exported',
      weight: exported,
      text: "contain frames that may have another function's name in",
    },
  ];
  return costs.filter(({ weight }) => weight > 0);
}

/** Explains a cost by the data that the file lacks. Missing names do not explain stacks that end early. */
function reasonOf(
  { code }: Cost,
  { module: name, kernel }: ModuleWeight,
  module: ModuleSymbols | undefined,
  lack: Finding | undefined,
): Reason {
  const explains = code === 'stacks-stop' ? /^(?:unwind-data-missing|module-)/ : /./;
  if (lack && explains.test(lack.code)) return lack;
  if (kernel && name !== 'kernel')
    return {
      cause: 'This kernel module was not named with -d when the trace was sampled.',
      fixes: [{ commands: [], again: ['-d', name] }],
    };
  if (kernel)
    return {
      cause: 'SystemTap had no kernel symbols.',
      fixes: [{ commands: [], again: ['--all-modules'], effect: 'Loads the symbols of all kernel modules.' }],
    };
  const fixes: readonly Fix[] = [{ commands: [], again: ['-d', name] }];
  if (code === 'stacks-stop')
    return {
      cause:
        'The file was not named with -d when the trace was sampled, or the stacks reached the depth limit (MAXBACKTRACE).',
      fixes: name.startsWith('/') ? fixes : [],
    };
  return {
    cause:
      'The file was not named with -d when the trace was sampled, or it has since been replaced by another build.',
    fixes: module ? fixes : [],
  };
}

type Reason = Pick<Finding, 'cause' | 'fixes'>;

/** Suggests saving the data about which code ran. With it, names can be looked up without sampling again. */
const SAVE: Fix = advise(
  "Or sample once more with --save TRACE.symbols. Names can then be looked up afterwards, in a build directory (--debug-dir) or on the distribution's servers (--debuginfod).",
);

/**
 * Adds to the reason how much looking up names afterwards helped or, if no names were looked up, the advice to do so.
 */
function withLaterNames(
  { cause, fixes }: Reason,
  { module: name, kernel, nameless }: ModuleWeight,
  share: (weight: number) => string,
  later: LaterNames | undefined,
): Reason {
  if (later === undefined) return { cause, fixes: [...fixes, SAVE] };
  const same = later.weights.modules.find((each) => each.module === name && each.kernel === kernel);
  return looked({ cause, fixes }, nameless, same?.nameless ?? 0, share, later, later.problems.get(name));
}

function looked(
  { cause, fixes }: Reason,
  before: number,
  after: number,
  share: (weight: number) => string,
  { command }: LaterNames,
  problem: string | undefined,
): Reason {
  const why = problem === undefined ? '' : ` The other frames: ${problem}.`;
  if (after >= before) return { cause: `${cause} Looking up names afterwards found none.${why}`, fixes };
  return {
    cause: `${cause} With the names that were looked up afterwards, the share is ${share(after)}.${why}`,
    fixes: [
      { commands: [command], effect: 'Draws the trace with these names, without sampling again.' },
      ...fixes,
    ],
  };
}

function vdsoFrames(share: string): Finding {
  return {
    code: 'frames-vdso',
    severity: 'costs',
    meaning: `${share} of samples contain frames of the vDSO, which have no names.`,
    cause:
      'The vDSO is code that the kernel maps into each process, for clock_gettime and similar functions. It is not a file, so SystemTap has no symbols for it, and stacks that pass through it may end there.',
    fixes: [],
    values: { module: '[vdso]', share },
    links: ['man 7 vdso'],
  };
}

/** Only the program itself knows the names of code that it compiles at run time. */
const PERF_MAP: Fix = advise(
  'If the program compiles code at run time (Node, Java), make it write the names to a perf map (node --perf-basic-prof, perf-map-agent for Java), and sample it with --save TRACE.symbols, which saves the map next to the trace for flame.',
);

function unknownFrames(
  weight: number,
  share: (weight: number) => string,
  later: LaterNames | undefined,
): Finding {
  const reason: Reason = {
    cause:
      'A frame belongs to no known file if its code was compiled at run time (JIT), if it is in the vDSO (except on x86-64), or if its stack was unwound incorrectly or printed in the context of another process. With record --addresses, every frame whose name was not looked up belongs to no known file.',
    fixes: [PERF_MAP],
  };
  return {
    code: 'frames-unknown',
    severity: 'costs',
    meaning: `${share(weight)} of samples contain frames that belong to no known file.`,
    ...(later === undefined
      ? { ...reason, fixes: [PERF_MAP, SAVE] }
      : looked(reason, weight, later.weights.unknown, share, later, undefined)),
    values: { module: '[unknown]', share: share(weight) },
    links: [],
  };
}

/** Formats a share with two digits, or three above 99 %, and never shows a share above 0 as 0. */
function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return 'under 0.1 %';
  return `${Number(value.toPrecision(value > 99 ? 3 : 2))} %`;
}
