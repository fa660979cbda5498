export { DoctorError, type DoctorErrorCode } from './errors.ts';
export type { Evidence, Finding, Fix, Obstacle, Severity } from './finding.ts';
export { parseOsRelease, type Distribution, type DistributionId, type Site } from './distribution.ts';
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
