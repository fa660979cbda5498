import { describe, expect, it } from 'vitest';
import { caseOf, stapflameAlone as stapflame } from './stapflame.ts';

describe("an idle target's trace", () => {
  it.each(['fold', 'flame', 'doctor'])('is explained by %s', async (command) => {
    const { code, stderr } = await stapflame([command, caseOf('newer-idle').trace]);
    expect(code).toBe(65);
    expect(stderr).toContain('no samples: the target was idle, or it ended before it was sampled');
  });

  it('is not called idle if it is truncated', async () => {
    const { code, stderr } = await stapflame(
      ['fold'],
      '# stapflame 1 mode=stream hz=99 pids=7 unit=samples\n#. 1\n',
    );
    expect(code).toBe(65);
    expect(stderr).not.toContain('idle');
  });
});

describe('a trace whose samples were counted in the kernel', () => {
  const TRACE = `# stapflame 1 mode=aggregate hz=99 pids=7 unit=samples limit=2
 0x401000 : work+0x4/0x10 [/opt/demo/bin/burn]
\t300
 0x401010 : rest+0x4/0x10 [/opt/demo/bin/burn]
\t72
# stapflame end hits=405
`;
  const SHARE = '91.9 % of 405 shown; all other stacks are beyond the limit (-l)';

  it('is complete, and the summary reports what share of the samples the trace shows', async () => {
    const { code, stdout, stderr } = await stapflame(['fold'], TRACE);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(SHARE) });
    expect(stdout).toMatch(/^# stapflame .*beyondlimit=33\nrest 72\nwork 300\n$/);
  });

  it('shows this share in its picture, drawn either by flame or by fold and render', async () => {
    const flame = await stapflame(['flame'], TRACE);
    expect(flame).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('91.85 % of all is shown'),
    });
    const { stdout: folded } = await stapflame(['fold'], TRACE);
    for (const words of [['render'], ['render', '--base', 'work', '--quiet']])
      expect(await stapflame(words, folded)).toMatchObject({ code: 0 });
    expect(await stapflame(['render'], folded)).toMatchObject({ stdout: flame.stdout });
  });
});
