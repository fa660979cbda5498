import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { share } from '../../../testing/properties.ts';
import { turns } from '../../../testing/until.ts';
import { createRunner, RunnerError } from '../src/index.ts';
import { run, SCRIPT, STAP, TRACE } from './run.ts';

const replayed = readFileSync(TRACE);

it('emits every byte that stap prints', async () => {
  const { trace, exit } = await run({ stapArguments: ['replay'] });
  expect(trace.equals(replayed)).toBe(true);
  expect(exit).toMatchObject({ reason: 'ended', exitCode: 0, droppedMessageBytes: 0 });
});

it.each([
  ['dies', 'signal', undefined],
  ['forbidden', 'permission', 1],
  ['refused', 'compile', 1],
  ['headerless', 'compile', 1],
] as const)('reports why the run failed (%s: %s)', async (how, reason, exitCode) => {
  const { exit } = await run({ stapArguments: [how] });
  expect(exit).toMatchObject({ reason, exitCode });
});

it('does not report a failed run if only the command started by stap failed', async () => {
  const { trace, exit } = await run({ stapArguments: ['unlucky'] });
  expect(trace.equals(replayed)).toBe(true);
  expect(exit).toMatchObject({ reason: 'ended', exitCode: 1, commandEnding: 'status 3' });
});

it('passes names that are not valid UTF-8 to stap unchanged', async () => {
  const { trace } = await run({ stapArguments: ['words', '-d', "/opt/a\udcffb $x'\\", '-d', '/opt/\u00e9'] });
  expect(trace.toString('latin1')).toBe("-d\n/opt/a\xffb $x'\\\n-d\n/opt/\xc3\xa9\n-\n");
});

it('reports messages as a string and as bytes', async () => {
  const { exit } = await run({ stapArguments: ['refused'] });
  expect(Buffer.from(exit.messageBytes).toString()).toBe(exit.messages);
});

it('emits the data that stap printed before it died', async () => {
  const { trace } = await run({ stapArguments: ['dies'] });
  expect(trace.equals(replayed.subarray(0, 300))).toBe(true);
});

it.each([
  ['missing', 'there is no stap', { stap: '/nonexistent/stap' }],
  ['missing', 'the path of stap leads through a file', { stap: '/etc/hostname/stap' }],
  ['permission', 'stap is not a program', { stap: '/etc' }],
  ['failed', 'the arguments are too long', { stapArguments: ['x'.repeat(2 ** 18)] }],
])('reports a run as %s if %s', async (reason, _, options) => {
  const { trace, exit } = await run(options);
  expect(trace).toHaveLength(0);
  expect(exit).toMatchObject({ reason, exitCode: undefined, signal: undefined });
});

it('does not wait for the messages to be read, and keeps the last ones', async () => {
  const { trace, exit } = await run({ stapArguments: ['floods'] });
  expect(trace.equals(replayed)).toBe(true);
  expect(exit.droppedMessageBytes).toBeGreaterThan(1_000_000);
  expect(exit.messages.length).toBeLessThanOrEqual(65_536);
  expect(exit.messages).toContain('Missing unwind data');
});

it('emits messages separately from the trace', async () => {
  const runner = createRunner({ stap: STAP, stapArguments: ['refused'] });
  runner.stream.resume().end(SCRIPT);
  expect(await text(runner.stderr)).toBe('Pass 2: analysis failed.  [man error::pass2]\n');
});

it('lets stap print its trailer when it is stopped', async () => {
  const runner = createRunner({ stap: STAP, stapArguments: ['endless'] });
  runner.stream.end(SCRIPT);
  await once(runner.stream, 'readable');
  runner.stop();
  expect(await text(runner.stream)).toMatch(/^#\. 1\n[\s\S]*# stapflame end hits=1\n$/);
  expect(await runner.exit).toMatchObject({ reason: 'ended' });
});

it('ends stap when the stream is destroyed', async () => {
  const runner = createRunner({ stap: STAP, stapArguments: ['endless'] });
  runner.stream.end(SCRIPT);
  await once(runner.stream, 'data');
  runner.stream.destroy();
  expect(['ended', 'stopped', 'signal']).toContain((await runner.exit).reason);
});

it('ends stap when the stream is destroyed while stap prints nothing', async () => {
  const runner = createRunner({ stap: STAP, stapArguments: ['stubborn', '-'] });
  runner.stream.resume().end(SCRIPT);
  await once(runner.stderr, 'readable');
  runner.stream.destroy();
  expect(await runner.exit).toMatchObject({ reason: 'stopped', exitCode: 1 });
});

it('ends when the stream is destroyed before the script has been written', async () => {
  const runner = createRunner({ stap: STAP });
  runner.stream.destroy();
  expect((await runner.exit).exitCode).toBeUndefined();
});

it('ends with the error of the script stream when that stream fails', async () => {
  const runner = createRunner({ stap: STAP });
  const script = Readable.from(
    (function* () {
      yield 'global hits';
      throw new Error('no script');
    })(),
  );
  await expect(pipeline(script, runner.stream, text)).rejects.toThrow('no script');
  expect(await runner.exit).toMatchObject({ reason: 'stopped', exitCode: undefined });
});

it('closes a stream that is destroyed while it waits for the script', async () => {
  const runner = createRunner({ stap: STAP });
  const closed = once(runner.stream.resume(), 'close');
  await turns(3);
  runner.stream.destroy();
  await closed;
  expect(await runner.exit).toMatchObject({ reason: 'stopped', exitCode: undefined });
});

it('reports that stap did not end successfully after it was stopped', async () => {
  const runner = createRunner({ stap: STAP, stapArguments: ['stubborn', '-'] });
  runner.stream.resume().end(SCRIPT);
  await once(runner.stderr, 'readable');
  runner.stop();
  expect(await runner.exit).toMatchObject({ reason: 'stopped', exitCode: 1, signal: undefined });
});

it('when abandoned, ends even a stap that ignores SIGINT', async () => {
  const runner = createRunner({ stap: STAP, stapArguments: ['stubborn', 'INT'] });
  runner.stream.resume().end(SCRIPT);
  await once(runner.stderr, 'readable');
  runner.stop();
  runner.abandon();
  expect(await runner.exit).toMatchObject({ reason: 'stopped', exitCode: undefined, signal: 'SIGTERM' });
});

it.each(['stop', 'abandon'] as const)(
  'does not start stap after %s, even if the script arrives',
  async (how) => {
    const runner = createRunner({ stap: STAP, stapArguments: ['replay'] });
    runner[how]();
    runner.stream.end(SCRIPT);
    expect(await text(runner.stream)).toBe('');
    expect(await runner.exit).toMatchObject({ reason: 'stopped', exitCode: undefined });
  },
);

it('rejects a script that is too long, because it may be a trace', async () => {
  const runner = createRunner({ stap: STAP });
  const read = text(runner.stream);
  runner.stream.end(Buffer.alloc(2 ** 20 + 1));
  await expect(read).rejects.toMatchObject({ code: 'SCRIPT_TOO_LONG' });
});

it.each(['-oProxyCommand=id', 'a b', 'a;id', '$(id)', '', 'a@-b', 'a\nb', '@a'])(
  'rejects the host %j',
  (host) => {
    expect(() => createRunner({ host })).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }));
  },
);

it.each(['web1', 'root@10.0.0.1', 'user.name@web-1.example.org', 'root@fe80::1%eth0', '::1'])(
  'accepts the host %s',
  (host) => {
    const runner = createRunner({ host });
    expect(runner.stream.destroyed).toBe(false);
    runner.stream.destroy();
  },
);

it('rejects a kernel release without a host, because nothing would be compiled for it', () => {
  expect(() => createRunner({ compileFor: '6.1.0-1' })).toThrow(
    /^compileFor: this has no effect without a host/,
  );
});

it('names the option that it rejects', () => {
  expect(() => createRunner({ stapArguments: ['-v', 'a\0b'] })).toThrow(
    /^stapArguments\.1: expected text without NUL/,
  );
  expect(() => createRunner({ shell: 'zsh' } as object)).toThrow(/^options: .*"shell"/);
});

it('rejects a kernel release that could be an option or a path', () => {
  for (const compileFor of ['-x', '../6.1', 'a b', ''])
    expect(() => createRunner({ host: 'a', compileFor })).toThrow(RunnerError);
});

it('passes each argument to stap unchanged', async () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !/[\0\n\r]/.test(text) && text !== '-');
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (words) => {
      const { trace } = await run({ stapArguments: ['words', ...words] });
      expect(trace.toString()).toBe([...words, '-', ''].join('\n'));
    }),
    share(0.2),
  );
});
