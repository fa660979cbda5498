export type { Evidence, Finding, Fix, Obstacle, Severity } from './finding.ts';
