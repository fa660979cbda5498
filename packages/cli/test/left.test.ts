import { parseOsRelease } from '@stapflame/stap-doctor';
import { expect, it } from 'vitest';
import { leftNotes } from '../src/sampling/left.ts';

const MODULES = [
  'stap_54a8b2_991 327680 0 - Live 0xffffffffc0a00000 (OE)',
  'stap_6e01_1200 327680 2 - Live 0xffffffffc0b00000 (OE)',
  'stapflame_77_mabc 327680 0 - Live 0xffffffffc0c00000 (OE)',
  'stapler 16384 0 - Live 0xffffffffc0d00000',
  'virtio_blk 28672 0 - Live 0xffffffffc0034000\n',
].join('\n');

it.each([
  [true, 'debian', 'staprun'],
  [false, 'debian', 'sudo staprun'],
  [false, 'alpine', 'doas staprun'],
])(
  'lists unused SystemTap modules, and shows the command that unloads them (root: %s, distribution: %s)',
  (root, id, program) => {
    const notes = leftNotes(MODULES, { distribution: parseOsRelease(`ID=${id}\n`), root });
    expect(notes.map((note) => note.replace(/.*unload it: /, ''))).toEqual([
      `${program} -d -- stap_54a8b2_991`,
      `${program} -d -- stapflame_77_mabc`,
    ]);
  },
);

it('returns no notes if the list of modules is empty', () => {
  expect(leftNotes('', { distribution: parseOsRelease(''), root: true })).toEqual([]);
});
