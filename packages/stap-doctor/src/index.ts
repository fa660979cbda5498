export { DoctorError, type DoctorErrorCode } from './errors.ts';
export type { Evidence, Finding, Fix, Obstacle, Severity } from './finding.ts';
export { parseOsRelease, type Distribution, type DistributionId, type Machine } from './machine.ts';
export { sh, type Command } from './shell.ts';
export { textOfBytes } from './text-of-bytes.ts';

// messages from a run
export { diagnose } from './doctor.ts';
export type { DoctorOptions } from './options.ts';
export { createDoctor, type DiagnosedLine, type Diagnosis } from './transform.ts';
export { commandToSampleAgain, sampleAgainText } from './messages/sampling-flags.ts';

// a machine and a process
export { gatherFacts, type GatherOptions } from './preflight/gather.ts';
export { preflight } from './preflight/preflight.ts';
export { abandonedModulesIn } from './preflight/abandoned-modules.ts';
export type { Facts } from './preflight/facts.ts';
export { fixAllSymbols } from './symbols/check-modules.ts';

// a trace
export { SampleWeigher, type WeighedStacks, type Weights } from './weight/weigher.ts';
export { weighModules, type LaterNames } from './weight/weigh-modules.ts';

// for people
export { renderFindings, renderFixes } from './render-findings.ts';
export { documentMessages, type DocumentedChapter, type DocumentedMessage } from './messages/document.ts';
export { documentPackages } from './packages.ts';
