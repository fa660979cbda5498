import { expect } from 'vitest';
import type { Finding } from '../src/finding.ts';
import { preflight } from '../src/preflight/preflight.ts';
import { machine } from './machine.ts';

export const PID = 4242;

/** Returns the findings about a sound machine, with some sections of the probe's output replaced. */
export function found(sections: Record<string, string>, pid?: number): readonly Finding[] {
  return preflight(machine(sections), pid);
}

/** Returns the codes of the findings. */
export function codes(sections: Record<string, string>, pid?: number): readonly string[] {
  return found(sections, pid).map(({ code }) => code);
}

/** Returns the only finding. Fails if there is not exactly one. */
export function only(sections: Record<string, string>, pid?: number): Finding {
  const findings = found(sections, pid);
  expect(findings.map(({ code }) => code)).toHaveLength(1);
  return findings[0]!;
}

/** A user without any privileges. */
export const USER = {
  user: 'ana',
  uid: '1000',
  groups: 'ana',
  process: 'CapEff:\t0000000000000000\nNoNewPrivs:\t0',
  sudo: 'no',
};

/** A user in SystemTap's groups, who is allowed to run any script. */
export const MEMBER = { ...USER, groups: 'ana stapusr stapdev' };
