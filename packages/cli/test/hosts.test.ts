import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { atEnd, temporaryDirectory } from '../../../testing/cleanup.ts';
import { startProcess } from '../../../testing/processes.ts';
import { startSshd, type Sshd } from '../../../testing/sshd.ts';
import { until } from '../../../testing/until.ts';
import { stapflameAlone as stapflame, type Finished } from './stapflame.ts';

/** A host where a script stands in for stap. */
interface Far {
  readonly sshd: Sshd;
  readonly directory: string;
}

let hosts: readonly Far[];
/** The path of an ssh configuration file that defines the hosts' names, as a user's own file would. */
let config: string;
beforeAll(async () => {
  hosts = await Promise.all([0, 1].map(start));
  config = join(hosts[0]!.directory, 'ssh_config');
  const blocks = hosts.map(({ sshd: { sshArguments } }, i) => {
    const after = (word: string): string => sshArguments[sshArguments.indexOf(word) + 1]!;
    const known = sshArguments.find((word) => word.startsWith('UserKnownHostsFile='))!.split('=')[1];
    return `Host web${i}\n HostName 127.0.0.1\n Port ${after('-p')}\n IdentityFile ${after('-i')}\n IdentitiesOnly yes\n UserKnownHostsFile ${known}\n`;
  });
  writeFileSync(config, blocks.join(''));
});

async function start(): Promise<Far> {
  const directory = temporaryDirectory();
  program(directory, 'sudo', 'shift; exec "$@"');
  return { directory, sshd: await startSshd(directory) };
}

function program(directory: string, name: string, body: string): void {
  writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(directory, name), 0o755);
}

/** For each host, installs a script that stands in for stap and saves its arguments and its standard input. */
function farStaps(...bodies: readonly string[]): void {
  hosts.forEach(({ directory }, i) => {
    const keep = `cat > ${directory}/script; printf '%s\\n' "$@" > ${directory}/words`;
    program(directory, 'stap', `${keep}\n${bodies[i]}`);
  });
}

const trace = (host: string, name: string): string =>
  `# stapflame 1 mode=stream hz=99 pids=7 unit=samples maxbacktrace=128 host=${host}
#< 0 5
 0x401000 : ${name}+0x4/0x10 [/opt/demo/bin/burn]
burn
#> 0 5
\t1
# stapflame end hits=1
`;
const prints = (text: string): string => `cat << 'END'\n${text}END`;

function sample(...words: string[]): Promise<Finished> {
  const both = ['--host', 'root@web0', '--host', 'web1', '--ssh-arguments', `-F ${config}`];
  return stapflame(['record', '-t', '5', '--system', ...both, ...words]);
}

it("combines traces from two hosts into one, and fold --host-frames then shows each stack's host", async () => {
  farStaps(prints(trace('web0', 'first')), prints(trace('web1', 'second')));
  const { code, stdout, stderr } = await sample();
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('web1: sampling takes') });
  const folded = await stapflame(['fold', '--host-frames'], stdout);
  expect(folded).toMatchObject({
    code: 0,
    stdout: '# stapflame period=10101010\nweb0;burn;first 1\nweb1;burn;second 1\n',
  });
  expect(readFileSync(join(hosts[0]!.directory, 'script'), 'utf8')).toContain('host=web0');
});

it('saves the perf map that a JIT compiler on the host wrote during sampling', async () => {
  const { pid } = startProcess('sleep', ['infinity'], { stdio: 'ignore' });
  const perfMap = `/tmp/perf-${pid}.map`;
  const file = join(temporaryDirectory(), 'far.symbols');
  atEnd(() => rmSync(perfMap, { force: true }));
  farStaps(`printf '1000 20 compiled\\n' > ${perfMap}\n${prints(trace('web0', 'first'))}`, '');
  const whom = ['-p', String(pid), '--host', 'web0', '--ssh-arguments', `-F ${config}`];
  expect((await stapflame(['record', '-t', '5', '-u', ...whom, '--save', file])).code).toBe(0);
  const { sites } = JSON.parse(readFileSync(file, 'utf8'));
  expect(sites).toMatchObject([{ host: 'web0', processes: [{ pid, perfMap: '1000 20 compiled\n' }] }]);
});

it('replaces wrong names of exported functions on a host, both in flame and in a saved trace', async () => {
  const library = fileURLToPath(
    new URL('../../symbols/test/fixtures/elf/exported/stripped.so', import.meta.url),
  );
  const { pid } = startProcess('sleep', ['infinity'], {
    stdio: 'ignore',
    env: { ...process.env, LD_PRELOAD: library },
  });
  await until('the process maps the library', () =>
    readFileSync(`/proc/${pid}/maps`, 'utf8').includes(library),
  );
  const wrong = trace('web0', 'first').replace(/ 0x.*\n/, ` 0x7f00000012d0 : first+0x20/0x4a [${library}]\n`);
  farStaps(prints(wrong), '');
  const whom = ['-p', String(pid), '--host', 'web0', '--ssh-arguments', `-F ${config}`, '-t', '5', '-u'];
  const drawn = await stapflame(['flame', ...whom, '--output-format', 'folded']);
  expect(drawn).toMatchObject({ code: 0, stdout: expect.stringContaining('burn;[stripped.so] 1\n') });
  const file = join(temporaryDirectory(), 'far.bt');
  const saved = await stapflame(['record', ...whom, '-o', file, '--save', `${file}.symbols`]);
  expect(saved.code).toBe(0);
  expect((await stapflame(['fold', file])).stdout).toContain('burn;[stripped.so] 1\n');
});

it('keeps the data from one host if the other host fails, and names the failed host', async () => {
  farStaps('echo "ERROR: probe overhead exceeded threshold" >&2; exit 1', prints(trace('web1', 'second')));
  const { code, stdout, stderr } = await sample();
  expect(code).toBe(75);
  expect(stdout).toContain('1: # stapflame end hits=1');
  expect(stderr).toContain('root@web0: ERROR: probe overhead');
  expect(stderr).toContain('root@web0: the stap run failed');
});

it('keeps the records received before the connection was lost, marks the output as incomplete, and exits with 75', async () => {
  const whole = trace('web0', 'first').replace('# stapflame end hits=1\n', '');
  // more empty lines than the connection buffers: once all have been sent, the trace before them has arrived
  const push = `yes '' | head -c ${16 << 20}`;
  // kills this connection's daemon, the nearest ancestor named sshd
  const cutLink = `up=$PPID
    while [ "$(cat /proc/$up/comm)" != sshd ]; do up=$(cut -d' ' -f4 /proc/$up/stat); done
    kill -9 $up`;
  const begun = prints('#< 0 6\n 0x401000 : never+0x1/0x2\n');
  farStaps([prints(whole), push, begun, cutLink].join('\n'), '');
  const words = ['-t', '5', '--system', '--host', 'web0', '--ssh-arguments', `-F ${config}`];
  const recorded = await stapflame(['record', ...words]);
  expect(recorded).toMatchObject({ code: 75, stderr: expect.stringContaining('the connection was lost') });
  expect(recorded.stdout.startsWith(whole)).toBe(true);
  expect(await stapflame(['fold', '-q'], recorded.stdout)).toMatchObject({
    code: 75,
    stdout: '# stapflame period=10101010 host=web0\n# stapflame incomplete truncated=1\nburn;first 1\n',
  });
  const picture = await stapflame(['flame', ...words]);
  expect(picture.code).toBe(75);
  expect(picture.stdout).toContain('>Incomplete: 1 input ends too early</text>');
});

it('keeps the data from one host if the other host cannot be reached', async () => {
  farStaps('exit 1', prints(trace('web1', 'second')));
  const words = ['--host', 'nobody@127.0.0.9', '--host', 'web1', '--ssh-arguments', `-F ${config} -p 1`];
  const { code, stderr } = await stapflame(['record', '-t', '5', '--system', ...words]);
  expect(code).toBe(75);
  expect(stderr).toContain('nobody@127.0.0.9: the connection was lost or could not be established');
});

it('lists the modules that a killed run left on a host', async () => {
  // the contents of /proc/modules on the host
  const list = "'modules stap_1_2 327680 0 - Live 0x0 (OE)' 'modules stap_3_4 327680 1 - Live 0x0 (OE)'";
  const sed = `case "$*" in */proc/modules) printf '%s\\n' ${list};; *) exec /bin/sed "$@";; esac`;
  for (const { directory } of hosts) program(directory, 'sed', sed);
  farStaps(prints(trace('web0', 'first')), prints(trace('web1', 'second')));
  const { code, stderr } = await sample();
  for (const { directory } of hosts) rmSync(join(directory, 'sed'));
  expect(code).toBe(0);
  const note = 'the module stap_1_2 from a killed run is still loaded, and may still be sampling; unload it:';
  expect(stderr).toContain(`root@web0: ${note} staprun -d -- stap_1_2\n`);
  expect(stderr).toContain(`web1: ${note} sudo staprun -d -- stap_1_2\n`);
  expect(stderr).not.toContain('stap_3_4');
});

it('exits with the code for the cause if all hosts fail', async () => {
  farStaps("echo 'Pass 2: analysis failed.' >&2; exit 1", "echo 'Pass 2: analysis failed.' >&2; exit 1");
  expect((await sample()).code).toBe(78);
});

it('draws one picture for two hosts', async () => {
  farStaps(prints(trace('web0', 'first')), prints(trace('web1', 'second')));
  const both = ['--host', 'web0', '--host', 'web1', '--ssh-arguments', `-F ${config}`, '--host-frames'];
  const { code, stdout } = await stapflame(['flame', '-t', '5', '--system', ...both]);
  expect(code).toBe(0);
  for (const name of ['web0', 'first', 'web1', 'second']) expect(stdout).toContain(name);
});

it('asks the host which files the process maps, and passes these files to stap', async () => {
  farStaps(prints(trace('web0', 'first')), 'exit 1');
  const words = ['-p', String(process.pid), '-t', '5', '--host', 'web0', '--ssh-arguments', `-F ${config}`];
  const { code } = await stapflame(['record', ...words]);
  expect(code).toBe(0);
  expect(readFileSync(join(hosts[0]!.directory, 'words'), 'utf8')).toContain(`-d\n${process.execPath}\n`);
});

it('reports that the host has no such process', async () => {
  const words = ['-p', '4194304', '-t', '5', '--host', 'web0', '--ssh-arguments', `-F ${config}`];
  const { code, stderr } = await stapflame(['record', ...words]);
  expect(code).toBe(75);
  expect(stderr).toContain('web0: there is no process 4194304');
});
