import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stapflame } from './stapflame.ts';

/** Rebuilt from what people posted: folded text is here, traces and messages are in the packages that read them. */
const at = (directory: string, name: string): string =>
  fileURLToPath(new URL(`${directory}/${name}`, import.meta.url));
const trace = (name: string): string => at('../../stap-parser/test/fixtures/reports', `${name}.txt`);
const MESSAGES = at('../../stap-doctor/test/fixtures', 'reports');

describe('a trace that people posted', () => {
  it.each([
    ['01-toolkit36-addr-addr', `--separator '^(\\d+) pools leaked at backtrace:$'`],
    ['03-arm64-dashes', `--separator '^-+$'`],
  ])('%s gives a hint about the separator between its samples', async (name, flag) => {
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
  ])('%s is split at the separator', async (name, separator, folded) => {
    const words = ['fold', '-q', '--separator', separator];
    const { code, stdout } = await stapflame([...words, trace(name)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(folded);
  });

  it('19-qemu-user-kernel keeps its two samples apart, with and without headings', async () => {
    const text = readFileSync(trace('19-qemu-user-kernel'), 'utf8');
    const both = `${text}${text.replace('\t12', '\t5')}`;
    for (const flags of [[], ['--separator', '^=+ENTRY=+$']]) {
      const { stdout } = await stapflame(['parse', '-q', ...flags], both);
      expect(stdout.match(/"count":\d+/g)).toEqual(['"count":12', '"count":5']);
    }
  });

  it('19-qemu-user-kernel reports how many lines of unknown form became frames', async () => {
    const { stderr } = await stapflame(['fold', trace('19-qemu-user-kernel')]);
    expect(stderr).toContain('5 lines with an unknown format among the frames');
    expect(stderr).toContain(`add --separator '^=+ENTRY=+$'`);
  });

  it('76-stapxx39 contains messages and no samples', async () => {
    const { code, stderr } = await stapflame(['fold', trace('76-stapxx39')]);
    expect(code).toBe(65);
    expect(stderr).toContain(
      'it is stderr output from SystemTap; stapflame doctor --stderr FILE explains the messages; if none of them reports a failure, the target was idle, or another process did the work',
    );
    expect(stderr).not.toContain('check that the input is a trace');
  });

  it('02-openafs-module-no-offset has a module that cannot be named', async () => {
    const { stdout } = await stapflame(['doctor', trace('02-openafs-module-no-offset')]);
    expect(stdout).toMatch(/^libafs +100 % of samples contain frames without a name +→ .*stap command: -d libafs\n$/);
  });
});

describe('folded text that people posted', () => {
  it('46-float is shown unchanged', async () => {
    const { code, stdout } = await stapflame(['render', at('reports', '46-float.txt')]);
    expect(code).toBe(0);
    expect(stdout).toContain('<title>d (300 samples, 98.77 %)');
    // narrow boxes have no separate title
    expect(stdout).toContain('"names":["all","a","d","c","b"]');
    expect(stdout).toContain('"totals":[303.75,303.75,300,2.25,1.5]');
  });

  it('44-flamescope50-empty gets labels for empty names, and a note about the line without a stack', async () => {
    const { code, stdout, stderr } = await stapflame(['render', at('reports', '44-flamescope50-empty.txt')]);
    expect(code).toBe(75);
    expect(stdout).toContain('<title>[empty] (5 samples');
    expect(stderr).toContain('1 line of the input is not a stack (root;…;leaf COUNT), the first is line 5');
  });
});

describe('messages that people posted', () => {
  it.each(readdirSync(MESSAGES).filter((name) => name.endsWith('.stderr')))(
    'are recognised as messages where a trace was expected: %s',
    async (name) => {
      const file = `${MESSAGES}/${name}`;
      const { code, stderr } = await stapflame(['doctor', file]);
      expect(code).toBe(65);
      expect(stderr).toContain(
        `nothing usable in ${file}: it is stderr output from SystemTap; stapflame doctor --stderr`,
      );
    },
  );

  it('lead to --stderr even in unknown words', async () => {
    const { code, stderr } = await stapflame(['doctor', at('reports', 'unknown.stderr')]);
    expect(code).toBe(65);
    expect(stderr).toContain('; stapflame doctor --stderr FILE explains messages from a run');
  });
});
