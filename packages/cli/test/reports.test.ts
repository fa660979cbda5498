import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stapflame } from './stapflame.ts';

/**
 * These fixtures were rebuilt from what people posted in public. Folded text is in this package; traces and messages
 * are in the packages that read them.
 */
const at = (directory: string, name: string): string =>
  fileURLToPath(new URL(`${directory}/${name}`, import.meta.url));
const trace = (name: string): string => at('../../stap-parser/test/fixtures/reports', `${name}.txt`);
const MESSAGES = at('../../stap-doctor/test/fixtures', 'reports');

describe('a trace from a public report', () => {
  it.each([
    ['01-toolkit36-addr-addr', `--separator '^(\\d+) pools leaked at backtrace:$'`],
    ['03-arm64-dashes', `--separator '^-+$'`],
  ])('%s is rejected with a hint about the separator between its samples', async (name, flag) => {
    const { code, stderr } = await stapflame(['fold', trace(name)]);
    expect(code).toBe(65);
    expect(stderr).toMatch(/there are no lines with a count .* looks like a separator between samples/);
    expect(stderr).toContain(`add ${flag}\n`);
  });

  it.each([
    [
      '01-toolkit36-addr-addr',
      '^(\\d+) pools leaked at backtrace:$',
      /^(?:\[unknown\];){3}\[unknown\] 3\n(?:\[unknown\];){4}\[unknown\] 349\n$/,
    ],
    ['03-arm64-dashes', '^-+$', /^\[bridge\];\S+ 1\n\[vhost_net\];tun_sendmsg;netif_receive_skb 1\n$/],
    [
      '19-qemu-user-kernel',
      '^=+ENTRY=+$',
      /^dequeue_huge_page_node;1519960386578:[^\n]*;os_mem_prealloc 12\n$/,
    ],
  ])('%s is split into samples at the separator', async (name, separator, folded) => {
    const words = ['fold', '-q', '--separator', separator];
    const { code, stdout } = await stapflame([...words, trace(name)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(folded);
  });

  it('19-qemu-user-kernel, repeated, is read as two samples with and without --separator', async () => {
    const text = readFileSync(trace('19-qemu-user-kernel'), 'utf8');
    const both = `${text}${text.replace('\t12', '\t5')}`;
    for (const flags of [[], ['--separator', '^=+ENTRY=+$']]) {
      const { stdout } = await stapflame(['parse', '-q', ...flags], both);
      expect(stdout.match(/"count":\d+/g)).toEqual(['"count":12', '"count":5']);
    }
  });

  it('19-qemu-user-kernel results in a message about unrecognised lines that became frames', async () => {
    const { stderr } = await stapflame(['fold', trace('19-qemu-user-kernel')]);
    expect(stderr).toContain('5 lines in an unknown format among the frames');
    expect(stderr).toContain(`add --separator '^=+ENTRY=+$'`);
  });

  it('76-stapxx39 is rejected because it contains messages but no samples', async () => {
    const { code, stderr } = await stapflame(['fold', trace('76-stapxx39')]);
    expect(code).toBe(65);
    expect(stderr).toContain(
      'it is stderr output from SystemTap; stapflame doctor --stderr FILE explains the messages; if none of them reports a failure, the target was idle, or another process did the work',
    );
    expect(stderr).not.toContain('check that the input is a trace');
  });

  it('02-openafs-module-no-offset results in advice about the module whose frames have no names', async () => {
    const { stdout } = await stapflame(['doctor', trace('02-openafs-module-no-offset')]);
    expect(stdout).toMatch(
      /^libafs +100 % of samples contain unnamed frames +→ .*stap command: -d libafs\n$/,
    );
  });
});

describe('folded text from a public report', () => {
  it('46-float is drawn with its fractional counts', async () => {
    const { code, stdout } = await stapflame(['render', at('reports', '46-float.txt')]);
    expect(code).toBe(0);
    expect(stdout).toContain('<title>d (300 samples, 98.77 %)');
    // several narrow boxes share one title, so check the data instead
    expect(stdout).toContain('"names":["all","a","d","c","b"]');
    expect(stdout).toContain('"totals":[303.75,303.75,300,2.25,1.5]');
  });

  it('44-flamescope50-empty is drawn with a label for empty names, and the line without a stack is reported', async () => {
    const { code, stdout, stderr } = await stapflame(['render', at('reports', '44-flamescope50-empty.txt')]);
    expect(code).toBe(75);
    expect(stdout).toContain('<title>[empty] (5 samples');
    expect(stderr).toContain(
      '1 line of the input is not a stack (root;…;leaf COUNT); such lines are left out (first: line 5)',
    );
  });
});

describe('messages from public reports', () => {
  it.each(readdirSync(MESSAGES).filter((name) => name.endsWith('.stderr')))(
    'are recognised where a trace is expected: %s',
    async (name) => {
      const file = `${MESSAGES}/${name}`;
      const { code, stderr } = await stapflame(['doctor', file]);
      expect(code).toBe(65);
      expect(stderr).toContain(
        `nothing usable in ${file}: it is stderr output from SystemTap; stapflame doctor --stderr`,
      );
    },
  );

  it('result in advice to use --stderr even if the doctor does not recognise them', async () => {
    const { code, stderr } = await stapflame(['doctor', at('reports', 'unknown.stderr')]);
    expect(code).toBe(65);
    expect(stderr).toContain('; stapflame doctor --stderr FILE explains messages from a run');
  });
});
