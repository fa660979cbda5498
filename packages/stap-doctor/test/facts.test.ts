import { describe, expect, it } from 'vitest';
import { preflight } from '../src/preflight/preflight.ts';
import { readFacts } from '../src/preflight/read-facts.ts';
import { codes } from './checks.ts';
import { machine } from './machine.ts';

describe('the facts', () => {
  it('are all unknown if the probe could find out nothing', () => {
    const facts = readFacts('[end]');
    expect(facts).toMatchObject({
      kernel: { release: '', machine: '', config: undefined, headers: [], yama: undefined, kallsyms: false },
      user: { name: '', uid: -1, groups: [], capabilities: 0n, noNewPrivileges: false, sudo: undefined },
      systemtap: { version: undefined, staprun: undefined, abandonedModules: [], runtime: undefined },
      machine: { distribution: { id: 'unknown' }, root: false },
      target: undefined,
      modules: [],
    });
    expect(preflight(facts)[0]).toMatchObject({ code: 'systemtap-missing' });
  });

  it('do not contain lines that have an unknown form', () => {
    const config = '/boot/config-6.1\nCONFIG_MODULES\nCONFIG_RELAY=y\n# CONFIG_KPROBES is not set';
    expect(machine({ config }).kernel.config!.options).toEqual(
      new Map([
        ['RELAY', 'y'],
        ['KPROBES', 'n'],
      ]),
    );
    const process = 'no colon\nNoNewPrivs:\t1\nCapEff:\tall of them';
    expect(machine({ process }).user).toMatchObject({ capabilities: 0n, noNewPrivileges: true });
    expect(codes({ process })).toEqual(['capability-missing']);
  });
});
