import { expect, it } from 'vitest';
import { preflight } from '../src/preflight/preflight.ts';
import { codes, MEMBER, only, PID } from './checks.ts';
import { machine } from './machine.ts';

it.each([
  ['a process that does not exist', '', 'target-gone', 'blocks'],
  ['a zombie', 'Name:\tx\nState:\tZ (zombie)\nUid:\t0\t0\t0\t0', 'target-gone', 'blocks'],
  ['a kernel thread', 'Name:\tkthreadd\nState:\tS (sleeping)', 'target-kernel-thread', 'note'],
  [
    'a traced process',
    'Name:\tx\nState:\tt (tracing stop)\nTracerPid:\t77\nVmSize:\t9 kB',
    'target-traced',
    'note',
  ],
])('reports %s', (_, status, code, severity) => {
  expect(only({ 'target-status': status }, PID)).toMatchObject({ code, severity });
});

it("reports that this user is not allowed to read the target's files, and suggests sudo unless the user is root", () => {
  const hidden = { 'target-maps': '', 'target-status': 'Name:\tx\nUid:\t1\t1\nVmSize:\t9 kB' };
  expect(only(hidden, PID)).toMatchObject({ code: 'target-unreadable', severity: 'costs', fixes: [] });
  expect(only({ ...hidden, ...MEMBER }, PID).fixes[0]!.commands).toEqual(['sudo stapflame doctor -p 4242']);
});

it('reports a target in a container only if SystemTap is too old to enter its namespaces', () => {
  const container = { 'target-root': '/proc/4242/root' };
  expect(codes(container, PID)).toEqual([]);
  const old = { ...container, stap: 'version 5.0/0.190', runtime: '/r\n/r/x', 'header-rename': '' };
  expect(codes(old, PID)).toEqual(['target-in-container']);
});

it('says so if it cannot find out who owns an unreadable target', () => {
  const hidden = { ...MEMBER, 'target-maps': '', 'target-status': 'Name:\tx\nVmSize:\t9 kB' };
  expect(only(hidden, PID).cause).toBe(
    'The process belongs to another user, but the doctor runs as ana (1000).',
  );
});

it('says nothing about a process that the probe did not examine', () => {
  expect(preflight({ ...machine(), target: undefined }, PID)).toEqual([]);
});
