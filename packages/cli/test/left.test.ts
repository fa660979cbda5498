import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leftNotes } from '../src/sampling/left.ts';

it('names the modules of SystemTap that nobody holds, and what unloads them', () => {
  const directory = mkdtempSync(join(tmpdir(), 'left-test-'));
  const file = join(directory, 'modules');
  writeFileSync(
    file,
    [
      'stap_54a8b2_991 327680 0 - Live 0xffffffffc0a00000 (OE)',
      'stap_6e01_1200 327680 2 - Live 0xffffffffc0b00000 (OE)',
      'stapflame_77_mabc 327680 0 - Live 0xffffffffc0c00000 (OE)',
      'stapler 16384 0 - Live 0xffffffffc0d00000',
      'virtio_blk 28672 0 - Live 0xffffffffc0034000\n',
    ].join('\n'),
  );
  const notes = leftNotes(file);
  rmSync(directory, { recursive: true });
  expect(notes.map((note) => /(?:sudo )?staprun -d (\S+)$/.exec(note)?.[1])).toEqual([
    'stap_54a8b2_991',
    'stapflame_77_mabc',
  ]);
});

it('has nothing to say where the kernel has no such list', () => {
  expect(leftNotes('/nowhere/modules')).toEqual([]);
});
