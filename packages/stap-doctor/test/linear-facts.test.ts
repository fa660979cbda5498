import { expect, it } from 'vitest';
import { readFacts } from '../src/preflight/read-facts.ts';

/** At this length, code that needs quadratic time would run for minutes. */
const LENGTH = 1 << 18;

it.each([
  ['owned-by', '/opt/a is owned by a', '-1', ''],
  ['owned-by', '/opt/a is owned by a', '-1', ' x'],
  ['owned-by', '/opt/a', ' is owned by a-1', ''],
  ['owned-by', '/opt/a', ' symlink target', ''],
  ['owned-by', '/opt/a is owned by a-1', '-r1', 'x'],
  ['owned-by', '/opt/a is owned by a-1-r', '1', 'x'],
  ['elf', '  [ 1] .a B 0 0 ', '0', ''],
  ['elf', '  [ 1] .a B 0 0', ' ', ''],
  ['elf', '  [', ' ', ''],
  ['elf', '  [ 1] ', 'a', ''],
  ['elf', '', 'Build ID: ', ''],
  ['elf', 'Build ID:', ' ', ''],
  ['elf', 'String dump of section:\n  [     0]', ' ', ''],
  ['os-release', 'ID=', ' ', 'x'],
  ['os-release', 'ID=', '\t\r', 'x'],
  ['os-release', 'ID=', '\\"', ''],
  ['os-release', 'CentOS', ' release ', ''],
  ['os-release', '', 'A', ''],
  ['os-release', 'ID=debian', ' ', 'x'],
  ['module-os-release', 'ID=', ' ', 'x'],
  ['dpkg-owners', 'a', ', a', ''],
  ['dpkg-owners', 'a', ':', ''],
  ['dpkg-owners', 'a', ': ', ''],
  ['dpkg-packages', 'a', ' a', ''],
  ['rpm-owners', 'a', '\ta', ''],
  ['staprun', '-rwsr-xr-x ', '1 ', ''],
  ['staprun', '-rwsr-xr-x 1 0', ' /', ''],
  ['staprun', '', 'a', ''],
  ['stap', '', 'version ', ''],
  ['stap', 'version ', '1', ''],
  ['stap', 'version ', '1.', ''],
  ['stap', 'tested kernel versions: ', 'a', ''],
  ['config', '/boot/config\nCONFIG_', 'A', ' '],
  ['process', 'CapEff:', '0', 'x'],
  ['process', '', ':', ''],
  ['lockdown', '', '[a', ''],
  ['kallsyms', '', '0', ''],
  ['loaded', '', 'stap_', ' 1 0'],
  ['loaded', '', 'a ', ''],
  ['release', '', '1.', ''],
  ['debug-elf', '', ' [', ''],
  ['secure-boot', '', ' ', 'x'],
  ['debuginfod', '', ' ', 'x'],
  ['module', '/', ' (deleted)', ''],
])(
  'reads the section %s in linear time, even if a hostile machine prints %j and repeats %j',
  (name, before, pump, after) => {
    const hostile = before + pump.repeat(LENGTH / pump.length) + after;
    const from = process.cpuUsage();
    readFacts(`[module]\n /opt/a\n[${name}]\n ${hostile.replaceAll('\n', '\n ')}\n[end]`);
    const { user, system } = process.cpuUsage(from);
    expect(user + system).toBeLessThan(800_000);
  },
);
