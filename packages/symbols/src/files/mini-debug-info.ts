import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { spillFiles, type UnnamedFile } from '@stapflame/stacks/stream';
import type { FilePart } from './elf.ts';
import { readAt } from './read-at.ts';

/** Limits in bytes. Large Fedora programs have mini debug information of 2 MB, or 10 MB when decompressed. */
const MOST_PACKED = 1 << 26;
const MOST_UNPACKED = 1 << 28;
const MOST_MEMORY = '256MiB';
const PATIENCE_MS = 60_000;

/**
 * Decompresses the symbols that distributions such as Fedora keep in stripped programs (`.gnu_debugdata`). Runs the xz
 * program, because Node does not support the format. Returns an unnamed file with the decompressed symbols, or the
 * reason for a failure.
 */
export async function unpackMiniDebugInfo(
  path: string,
  { offset, size }: FilePart,
): Promise<UnnamedFile | string> {
  if (size > MOST_PACKED) return 'its mini debug information is too large';
  let unpacked: UnnamedFile | undefined;
  try {
    unpacked = spillFiles().create();
    await unpack(bytesIn(path, offset, size), unpacked);
    return unpacked;
  } catch (error) {
    unpacked?.remove();
    return `its mini debug information cannot be decompressed: ${(error as Error).message}`;
  }
}

function bytesIn(path: string, offset: number, size: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    return readAt(file, offset, size);
  } finally {
    closeSync(file);
  }
}

function unpack(packed: Uint8Array, into: UnnamedFile): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(
      'xz',
      ['--decompress', '--stdout', '--no-warn', `--memlimit-decompress=${MOST_MEMORY}`],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
        timeout: PATIENCE_MS,
        killSignal: 'SIGKILL',
      },
    );
    const giveUp = (error: unknown): void => {
      child.kill('SIGKILL');
      fail(error);
    };
    let size = 0;
    child.on('error', () => fail(new Error('the program xz is missing; install xz-utils or xz')));
    child.on('close', (code) => (code === 0 ? done() : fail(new Error('it is damaged'))));
    child.stdout.on('data', (bytes: Buffer) => {
      size += bytes.length;
      if (size > MOST_UNPACKED) giveUp(new Error(`it expands to more than ${MOST_UNPACKED >> 20} MiB`));
      else attempt(() => into.write(bytes), giveUp);
    });
    // ignore write errors, because `close` reports why xz ended
    child.stdin.on('error', () => undefined);
    child.stdin.end(packed);
  });
}

function attempt(action: () => void, giveUp: (error: unknown) => void): void {
  try {
    action();
  } catch (error) {
    giveUp(error);
  }
}
