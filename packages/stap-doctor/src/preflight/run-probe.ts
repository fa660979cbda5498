import { execa } from 'execa';
import { DoctorError } from '../errors.ts';
import { textOfBytes } from '../text-of-bytes.ts';

/**
 * Maximum number of bytes in the probe's output. An ELF file's section table takes up about 3 KiB, so there is room for
 * 20,000 libraries, more than any process has.
 */
const MAX_OUTPUT_BYTES = 1 << 26;
/** Maximum number of bytes to keep from the end of standard error. */
const MAX_ERROR_BYTES = 1 << 16;

interface ProbeRun {
  readonly stdout: Uint8Array;
  /** The end of standard error. */
  readonly stderr: string;
  /** Why the run failed; `undefined` if it succeeded. */
  readonly failure: string | undefined;
}

/**
 * Runs the probe in the shell that this command line starts, and gives up on the probe after `timeout` milliseconds.
 * The output may come from a hostile machine. Throws `PROGRAM_MISSING`.
 */
export async function runProbe(
  [program, ...args]: readonly [string, ...string[]],
  script: string,
  timeout: number,
): Promise<ProbeRun> {
  // execa would quote the whole output in its error, and V8 aborts if that is 64 MiB of control characters
  const child = execa(program, args, { input: script, encoding: 'buffer', buffer: false, reject: false });
  let stopped: string | undefined;
  const stop = (why: string): void => {
    stopped = why;
    child.kill();
    // programs that the shell started may keep its output open
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const chunks: Uint8Array[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > MAX_OUTPUT_BYTES) stop(`more than ${MAX_OUTPUT_BYTES} bytes of output`);
    else chunks.push(chunk);
  });
  let said: Uint8Array = new Uint8Array();
  child.stderr.on('data', (chunk: Uint8Array) => {
    said = Buffer.concat([said, chunk]).subarray(-MAX_ERROR_BYTES);
  });
  const timer = setTimeout(() => stop(`not finished after ${timeout} ms`), timeout);
  const { failed, code, signal, exitCode } = await child;
  clearTimeout(timer);
  if (code === 'ENOENT') throw new DoctorError('PROGRAM_MISSING', `${program} was not found in PATH`);
  const stderr = textOfBytes(said);
  const last = stderr.trim().split('\n').at(-1);
  const ended = code ?? (signal === undefined ? `exit code ${exitCode}` : `ended by ${signal}`);
  return {
    stdout: Buffer.concat(chunks),
    stderr,
    failure: stopped ?? (failed ? last || ended : undefined),
  };
}
