export { diagnose, Doctor } from './doctor.ts';
export { DoctorError, type DoctorErrorCode } from './errors.ts';
export type { Evidence, Finding, Fix, Obstacle, Severity } from './finding.ts';
export { asRoot, parseOsRelease, type Distribution, type DistributionId, type Site } from './distribution.ts';
export {
  debuginfodServer,
  debugRepositories,
  installDebuginfo,
  installKernelDebuginfo,
  installKernelHeaders,
  installPackages,
  useDebuginfod,
} from './packages.ts';
export { debuginfoByHand } from './rpm-by-hand.ts';
export type {
  Facts,
  KernelConfig,
  KernelFacts,
  StaprunFacts,
  SystemTapFacts,
  TargetFacts,
  UserFacts,
} from './preflight/facts.ts';
export { gatherFacts, type GatherOptions } from './preflight/gather.ts';
export { leftModules } from './preflight/left-modules.ts';
export { preflight, symbolSources } from './preflight/preflight.ts';
export { probeScript, type ProbeRequest } from './preflight/probe.ts';
export { readFacts } from './preflight/read-facts.ts';
export { checkModule, checkModules, fixAllSymbols } from './symbols/check-modules.ts';
export type { SymbolSources } from './symbols/debug-packages.ts';
export type { ElfFile } from './symbols/elf.ts';
export {
  namingOf,
  unwindingOf,
  type ModuleSymbols,
  type Naming,
  type PackageName,
} from './symbols/module.ts';
export { filesOf, weighModules } from './weight/weigh-modules.ts';
export {
  SampleWeigher,
  type ModuleWeight,
  type WeighedFrame,
  type WeighedStacks,
  type Weights,
} from './weight/weigher.ts';
export { documentMessages, type DocumentedChapter, type DocumentedMessage } from './messages/document.ts';
export { againText, flagsOf, recordWords } from './messages/again.ts';
export type { DoctorOptions } from './options.ts';
export { renderFindings, renderFixes } from './render-findings.ts';
export { createDoctor, type DiagnosedLine, type Diagnosis } from './transform.ts';
