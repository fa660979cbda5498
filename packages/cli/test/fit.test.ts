import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { privateDirectory } from '../../../testing/cleanup.ts';
import { MAIN } from './stapflame.ts';

const TRACE = `# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128
#< 0 5
 0x401000 : work+0x4/0x10 [/opt/demo/bin/burn]
#> 0 5
\t1
# stapflame end hits=1
`;
const OLD = 'typedef typeof(&task_work_cancel) task_work_cancel_fn;\n';
const LOOKUP = '        kallsyms_task_work_cancel = (void *)kallsyms_lookup_name("task_work_cancel");\n';

let directory: string;
let runtime: string;
beforeEach(() => {
  directory = privateDirectory();
  runtime = join(directory, 'share/systemtap/runtime/stp_task_work.c');
  const headers = join(directory, 'kernel/source/include/linux/task_work.h');
  for (const file of [runtime, headers]) mkdirSync(dirname(file), { recursive: true });
  mkdirSync(join(directory, 'bin'));
  writeFileSync(runtime, OLD + LOOKUP);
  writeFileSync(
    headers,
    'struct callback_head *task_work_cancel_func(struct task_struct *, task_work_func_t);\n',
  );
  program('stap', `cat > /dev/null; printf '%s\\n' "$@" > ${directory}/words; printf '%s' '${TRACE}'`);
  // these programs report that the kernel headers and the user's home are in this directory
  mkdirSync('/lib/modules', { recursive: true });
  program('uname', `echo ${relative(realpathSync('/lib/modules'), join(directory, 'kernel'))}`);
  program('id', 'echo 4242');
  program('getent', `echo ana:x:4242:4242::${directory}:/bin/sh`);
});

function program(name: string, script: string): void {
  writeFileSync(join(directory, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

async function stapflame(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { ...process.env, PATH: `${join(directory, 'bin')}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number>((resolve) => child.once('close', (value) => resolve(value ?? -1)));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
const record = (...words: string[]): ReturnType<typeof stapflame> =>
  stapflame('record', '-p', String(process.pid), '-t', '5', ...words);

describe('a SystemTap that does not fit the kernel', () => {
  it('is reported with exit code 78 and advice before stap starts', async () => {
    const { code, stdout, stderr } = await record();
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    // the doctor is not asked to explain our own message
    expect(stderr).toMatch(
      /^stapflame: SystemTap does not work with this kernel: no script compiles[^\n]*; add --fit [^\n]*\n$/,
    );
    expect(existsSync(join(directory, 'words'))).toBe(false);
  });

  it('samples with a patched copy of its runtime if --fit is given, and the changes are shown', async () => {
    const { code, stdout, stderr } = await record('--fit');
    expect({ code, stdout }).toEqual({ code: 0, stdout: TRACE });
    expect(stderr).toContain('+typedef typeof(&task_work_cancel_func) task_work_cancel_fn;');
    const words = readFileSync(join(directory, 'words'), 'utf8').split('\n');
    const copy = words[words.indexOf('-R') + 1]!;
    expect(copy).toMatch(new RegExp(`^${directory}/\\.cache/stapflame/runtime-[0-9a-f]{16}$`));
    expect(readFileSync(join(copy, 'stp_task_work.c'), 'utf8')).toContain('"task_work_cancel_func"');
    expect(stderr).toContain(`to remove the copy: rm -r ${copy}`);
    expect(readFileSync(runtime, 'utf8')).toBe(OLD + LOOKUP);
  });

  it('is not patched if stapflame does not recognise its source', async () => {
    writeFileSync(runtime, LOOKUP);
    const { code, stderr } = await record('--fit');
    expect(code).toBe(78);
    expect(stderr).toContain(
      'its source code differs from the versions that stapflame can patch (task-work-cancel)',
    );
  });

  it('is not reported if the user names a runtime', async () => {
    expect(await record('-a', '-R /opt/runtime')).toMatchObject({ code: 0, stdout: TRACE });
  });

  it('is reported by the doctor with the changes and a command that samples', async () => {
    const { code, stdout } = await stapflame('doctor');
    expect(code).not.toBe(0);
    expect(stdout).toContain('SystemTap does not work with this kernel: no script compiles');
    expect(stdout).toContain('+typedef typeof(&task_work_cancel_func) task_work_cancel_fn;');
    expect(stdout).toContain('stapflame record --fit -p "$PID" -t 30 -o trace.bt');
  });

  it.runIf(process.getuid?.() === 0)(
    "has its patched copy in this user's cache directory, and the doctor shows the command that removes the copy",
    async () => {
      const undo = async (...as: string[]): Promise<string> => {
        const words = [...as, process.execPath, MAIN, 'doctor', '--machine'];
        const child = spawn(words[0]!, words.slice(1), {
          env: { ...process.env, PATH: `${join(directory, 'bin')}:${process.env['PATH']}` },
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        return (await text(child.stdout)).match(/Undo: rm -r -- \S*stapflame/)?.[0] ?? '';
      };
      expect(await undo()).toBe('Undo: rm -r -- /var/cache/stapflame');
      // the user namespace shows this user as `nobody`
      expect(await undo('unshare', '--user')).toBe('Undo: rm -r -- ~/.cache/stapflame');
    },
  );
});
