import { expect, it } from 'vitest';
import { documentMessages, documentPackages } from '../src/index.ts';
import { ENTRIES } from '../src/messages/table.ts';

const messagesFor = (id?: 'debian'): ReturnType<typeof documentMessages>[number]['messages'] =>
  documentMessages(id).flatMap(({ messages }) => messages);

it('documents every message that the doctor knows, once, in complete sentences', () => {
  const codes = messagesFor().map(({ finding }) => finding.code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toEqual(expect.arrayContaining(ENTRIES.map(({ code }) => code)));
  for (const { finding } of messagesFor()) {
    const fixes = finding.fixes.flatMap(({ effect, risk }) => [effect, risk]);
    expect([finding.meaning, finding.cause, ...fixes].join('\n')).not.toMatch(/undefined|NaN/);
  }
});

it("documents the doctor's own limits with made-up values, because no message shows the real ones", () => {
  const limits = messagesFor().filter(({ texts }) => texts.length === 0);
  expect(limits.map(({ finding }) => finding.cause)).toEqual([
    expect.stringContaining('for Debian 12,'),
    expect.stringContaining('contain 70000 bytes in total'),
    expect.stringContaining('3 more messages'),
  ]);
});

it('shows commands only for a distribution that is given', () => {
  const install = (id?: 'debian'): readonly string[] =>
    messagesFor(id)
      .find(({ finding }) => finding.code === 'program-missing')!
      .finding.fixes.flatMap(({ commands }) => commands);
  expect(install('debian')).toEqual(['sudo apt-get install -- systemtap']);
  expect(install()).toEqual([]);
});

it("documents each distribution's commands for packages", () => {
  const [archive, symbols, headers, kernel, server] = documentPackages('debian', 'libssl3').map(
    ([purpose, commands]) => `${purpose}: ${commands.join(' && ')}`,
  );
  expect(archive).toMatch(/^archive with debug symbols: .*debian-debug/);
  expect(symbols).toBe('debug symbols for a package (libssl3): sudo apt-get install -- libssl3-dbgsym');
  expect(headers).toContain('"linux-headers-$(uname -r)"');
  expect(kernel).toContain('"linux-image-$(uname -r)-dbg"');
  expect(server).toContain('https://debuginfod.debian.net');
  expect(documentPackages('arch', 'openssl')[0]).toEqual(['archive with debug symbols', []]);
});
