import { execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { temporaryDirectory } from './cleanup.ts';
import { startProcess } from './processes.ts';
import { until } from './until.ts';

const SSHD = '/usr/sbin/sshd';

/**
 * An ssh daemon on the loopback address with its own keys and settings. It is stopped when the test ends (see `atEnd`).
 */
export interface Sshd {
  readonly host: string;
  readonly sshArguments: readonly string[];
}

/** @param path a directory of programs that logins find before the system's programs */
export async function startSshd(path = '/nonexistent'): Promise<Sshd> {
  requireSshd();
  const directory = temporaryDirectory('sshd-');
  for (const name of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, name)]);
  const port = await freePort();
  const key = (name: string): string =>
    execFileSync('cat', [join(directory, `${name}.pub`)], { encoding: 'utf8' });
  writeFileSync(join(directory, 'authorized'), key('user'));
  writeFileSync(join(directory, 'known'), `[127.0.0.1]:${port} ${key('host')}`);
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(directory, 'host')}`,
    `AuthorizedKeysFile ${join(directory, 'authorized')}`,
    `PidFile ${join(directory, 'pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    // the temporary directory marks the processes of this test run (see run.ts)
    `SetEnv PATH=${path}:/usr/sbin:/usr/bin:/sbin:/bin TMPDIR=${tmpdir()}`,
  ];
  writeFileSync(join(directory, 'config'), `${settings.join('\n')}\n`);
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const daemon = startProcess(SSHD, ['-D', '-e', '-f', join(directory, 'config')], { stdio: 'ignore' });
  await listening(port, daemon);
  return {
    host: `${userInfo().username}@127.0.0.1`,
    sshArguments: [
      '-F',
      'none',
      '-p',
      String(port),
      '-i',
      join(directory, 'user'),
      '-o',
      `UserKnownHostsFile=${join(directory, 'known')}`,
      '-o',
      'IdentitiesOnly=yes',
    ],
  };
}

function requireSshd(): void {
  if (existsSync(SSHD)) return;
  if (userInfo().uid !== 0 || !existsSync('/usr/bin/apt-get'))
    throw new Error('these tests need an ssh daemon: run apt-get install openssh-server');
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'openssh-server'], {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port: number, daemon: ChildProcess): Promise<void> {
  await until('the ssh daemon listens', async () => {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    return open || daemon.exitCode !== null;
  });
  if (daemon.exitCode !== null) throw new Error(`sshd ended with ${daemon.exitCode}`);
}
