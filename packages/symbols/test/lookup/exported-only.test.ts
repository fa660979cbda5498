import { readFileSync } from 'node:fs';
import type { Frame, StackBatch } from '@stapflame/stacks';
import { describe, expect, it } from 'vitest';
import { KnownCode, exportedFunctions, NameLookup, readElf } from '../../src/index.ts';
import { batchOf, labelsOf, lookedUp } from './look.ts';

describe('names of exported functions', () => {
  const LIBRARY = '/opt/demo/lib/stripped.so';
  const bytes = readFileSync(new URL('../fixtures/elf/exported/stripped.so', import.meta.url));
  const readAt = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  const exported = { [LIBRARY]: exportedFunctions(readElf(readAt)!, readAt)! };
  const site = { buildIds: {}, processes: [], exported };
  /** Creates a frame as SystemTap prints it, with the nearest symbol before the address, even if that is wrong. */
  const named = (symbol: string, offset: number, module = LIBRARY): Frame => ({
    label: symbol,
    symbol,
    offset,
    module,
    address: '0x7f0000001000',
    kernel: false,
  });
  const lookUp = (...stacks: readonly (readonly Frame[])[]): Promise<StackBatch> =>
    lookedUp(
      new NameLookup(new KnownCode([site]), async (places) => places.map(() => undefined)),
      batchOf(stacks),
    );

  it('are replaced by the name of the module if the code is in a hidden function after the exported one', async () => {
    // `first` is 0x14 bytes long, and a hidden function follows it
    const batch = await lookUp([named('first', 0x13)], [named('first', 0x14)], [named('first', 0x49)]);
    expect(labelsOf(batch)).toEqual([['first'], ['[stripped.so]'], ['[stripped.so]']]);
    const [, { frames }] = [...batch] as [unknown, { frames: readonly Frame[] }];
    expect(frames).toEqual([
      {
        label: '[stripped.so]',
        module: LIBRARY,
        address: '0x7f0000001000',
        kernel: false,
        exportedOnly: true,
      },
    ]);
  });

  it('are kept if a call is the last instruction of the function', async () => {
    const batch = await lookUp([named('last', 1), named('first', 0x14)]);
    expect(labelsOf(batch)).toEqual([['last', 'first']]);
  });

  it('are kept if the function is not exported, or belongs to another file', async () => {
    const batch = await lookUp([named('between', 0x99)], [named('first', 0x99, '/opt/demo/lib/other.so')]);
    expect(labelsOf(batch)).toEqual([['between'], ['first']]);
    expect(batch.facts.exportedOnly).toBeUndefined();
  });

  it('are also replaced if they end with a version', async () => {
    expect(labelsOf(await lookUp([named('first@@V_1', 0x20)]))).toEqual([['[stripped.so]']]);
  });

  it('are read from a module once, when it first occurs, if they were not saved', async () => {
    const asked: string[] = [];
    const code = new KnownCode([], [], (module) => {
      asked.push(module);
      return module === LIBRARY ? exported[LIBRARY] : undefined;
    });
    const names = new NameLookup(code, async (places) => places.map(() => undefined));
    const batch = batchOf([
      [named('first', 0x20)],
      [named('first', 0x13)],
      [named('first', 0x99, '/opt/other.so')],
    ]);
    expect(labelsOf(await lookedUp(names, batch))).toEqual([['[stripped.so]'], ['first'], ['first']]);
    expect(asked).toEqual([LIBRARY, '/opt/other.so']);
  });

  it('are not replaced if two saved sites have different files at that path', async () => {
    const other = { ...site, exported: { [LIBRARY]: 'fff first\n' } };
    const names = new NameLookup(new KnownCode([site, other]), async (places) => places.map(() => undefined));
    expect(labelsOf(await lookedUp(names, batchOf([[named('first', 0x20)]])))).toEqual([['first']]);
  });

  it('that were replaced at leaves are counted in the facts, even in the facts of later, unchanged batches', async () => {
    const names = new NameLookup(new KnownCode([site]), async (places) => places.map(() => undefined));
    const given = [
      batchOf([[named('first', 0x20)], [named('last', 2), named('first', 0x20)]]),
      batchOf([[{ label: 'main' }]]),
    ];
    const weights: (number | undefined)[] = [];
    for await (const { facts } of names.lookUp(given)) weights.push(facts.exportedOnly);
    expect(weights).toEqual([3, 3]);
  });
});
