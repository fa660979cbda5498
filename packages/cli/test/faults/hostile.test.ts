import { expect, it } from 'vitest';
import { stapflameAlone as stapflame } from '../stapflame.ts';

const HOSTILE = [
  '../../x',
  '$(reboot)',
  '`reboot`',
  '"; rm -rf /',
  '</script><script>alert(1)</script>',
  ']]></style>',
  '\u202eevil',
  '&amp;<x onload=alert(1)>',
];

it.each(HOSTILE)('the name %j stays plain text in folded text, JSON and the picture', async (name) => {
  const trace = ` 0x1 : ${name}+0x1/0x2 [/${name}]\n${name}\n\t1\n`;
  expect((await stapflame(['fold', '-q'], trace)).code).toBe(0);
  const { stdout } = await stapflame(['parse', '-q'], trace);
  expect(JSON.stringify(JSON.parse(stdout))).toContain(
    JSON.stringify(name.replaceAll(';', ':')).slice(1, -1),
  );
  const svg = (await stapflame(['flame', '-q'], trace)).stdout;
  expect(svg.match(/<script/g)).toHaveLength(1);
  expect(svg).not.toMatch(/<[^>]* on\w+=/);
});

it.each(['-oProxyCommand=touch x', '--', 'a b', 'host;reboot', '$(reboot)'])(
  'the host %j is rejected with exit code 64',
  async (host) => {
    const { code } = await stapflame(['record', `--host=${host}`, '-p', '1', '-t', '1']);
    expect(code).toBe(64);
  },
);

it.each(['1;reboot', '-1', '$(reboot)', '1 2', '0x10', '1e3', '\u001b[31m'])(
  'the process %j is rejected with exit code 64, and its control characters are escaped in the message',
  async (pid) => {
    const { code, stdout, stderr } = await stapflame(['record', `--pid=${pid}`, '-t', '1']);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).not.toContain('\u001b');
  },
);

it.each(['0', '99999999999'])('a missing process (PID %s) results in exit code 75', async (pid) => {
  const { code, stdout, stderr } = await stapflame(['record', `--pid=${pid}`, '-t', '1']);
  expect({ code, stdout, stderr }).toEqual({
    code: 75,
    stdout: '',
    stderr: `stapflame: there is no process ${pid}\n`,
  });
});

it('escape sequences in names, files and options never reach the terminal', async () => {
  const escape = '\u001b[31m\u009b2J';
  const runs = await Promise.all([
    stapflame(['fold'], ` 0x1 : ${escape}+0x1/0x2 [/p]\n\t1\nWARNING: ${escape}\n`),
    stapflame(['fold', `/nonexistent/${escape}`]),
    stapflame(['fold', '-o', `/nonexistent/${escape}`]),
    stapflame(['render', '--title', escape], 'a 1\n'),
    stapflame(['record', `--host=${escape}`, '-p', '1', '-t', '1']),
  ]);
  for (const { stderr } of runs) expect(stderr).not.toMatch(/[\u001b\u0080-\u009f]/);
});

it('a count of 2^53 − 1 is exact, even if the root looks like a comment', async () => {
  const folded = await stapflame(['fold', '-q'], '# x\n\t9007199254740991\n');
  expect(folded.stdout).toBe('#_x 9007199254740991\n');
  const { code, stdout } = await stapflame(['render', '-q'], folded.stdout);
  expect(code).toBe(0);
  expect(stdout).toContain('9,007,199,254,740,991 samples');
});
